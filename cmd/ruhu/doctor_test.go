package main

import (
	"context"
	"path/filepath"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

func TestTheDoctorFindsAndRepairsACounterThatIsWrong(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	d, err := db.Open(ctx, filepath.Join(dir, "ruhu.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO progress_cell (county, campaign, kind, village, team, day, due_on, state, n)
			VALUES ('990101', '01890000-0000-7000-8000-000000000000', 'assignment', '990101101201', '', '', '', 'open', 3)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		cmd  DoctorCmd
		want string
	}{
		{DoctorCmd{Data: dir, County: "990101"}, "app.counters"},
		{DoctorCmd{Data: dir, County: "990102"}, ""}, // another county's
		{DoctorCmd{Data: dir, County: "990101", Repair: true}, ""},
		{DoctorCmd{Data: dir, County: "990101"}, ""},
	} {
		if err := x.cmd.Run(ctx); errs.CodeOf(err) != x.want {
			t.Errorf("%+v: %v, want %q", x.cmd, err, x.want)
		}
	}
}
