package main

import (
	"context"
	"errors"
	"fmt"

	"ruhu/internal/circular"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/progress"
)

// DoctorCmd counts anew what is kept as counters.
type DoctorCmd struct {
	Data   string `help:"The data folder of a server. 数据目录。" type:"existingdir" placeholder:"DIR"`
	DB     string `name:"db" help:"Instead of a folder: a PostgreSQL address or a ruhu.db file. 数据库地址。" placeholder:"DSN"`
	County string `help:"Code of the county, 6 digits. 县级代码。" default:"990101"`
	Repair bool   `help:"Write counters of the progress anew where they differ. 修正进度计数。"`
}

// Run prints every counter that is not what a count gives, and fails when there is one that was not repaired. Days of circulars are compared with the
// counters after that; they are not repaired, as they say what was issued.
func (c *DoctorCmd) Run(ctx context.Context) (err error) {
	d, err := openNamed(ctx, c.Data, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	bus := job.New(d)
	cells, err := progress.NewService(d, bus).Recount(ctx, c.County, c.Repair)
	if err != nil {
		return err
	}
	for _, x := range cells {
		fmt.Println("✗", x)
	}
	days, err := circular.NewService(d, bus).Recount(ctx, c.County)
	if err != nil {
		return err
	}
	for _, x := range days {
		fmt.Println("✗", x)
	}
	left := len(days)
	if !c.Repair {
		left += len(cells)
	}
	if left > 0 {
		return errs.Conflict.New("app.counters", "count", left)
	}
	fmt.Printf("✓ 计数与清点一致 counters agree with a count; repaired: %d\n", len(cells))
	return nil
}
