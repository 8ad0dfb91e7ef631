package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/sim"
)

// The simulated places; the area code is assigned to no real one.
const (
	county   = "990101000000"
	township = "990101101000"
	villages = 20
	password = "knock-on-the-door"
)

// town is a township under survey.
type town struct {
	admin    *sim.Client
	campaign string
	phones   []*phone
}

// phone is an enumerator with what the server gave them to do.
type phone struct {
	*sim.Client
	account string
	pkg     fieldPackage
}

// fieldPackage is the part of GET /field/package that is needed here.
type fieldPackage struct {
	Team struct {
		Members []struct {
			ID string `json:"id"`
		} `json:"members"`
	} `json:"team"`
	Assignments []visit `json:"assignments"`
}

type visit struct {
	ID       string            `json:"id"`
	FormHash string            `json:"form_hash"`
	Prefill  map[string]string `json:"prefill"`
}

// makeTown makes places, people, a roster of so many households, teams and a plan, all through the API.
func makeTown(ctx context.Context, base string, households, phones int) (*town, error) {
	admin, err := sim.Login(ctx, base, "admin", adminPassword)
	if err != nil {
		return nil, err
	}
	t := &town{admin: admin, campaign: id.New()}
	places := []map[string]string{{"code": county, "name": "测试县"}, {"code": township, "name": "测试镇"}}
	for v := range villages {
		places = append(places, map[string]string{"code": villageCode(v), "name": villageName(v)})
	}
	if err := admin.Do(ctx, http.MethodPut, "/regions", map[string]any{"items": places}, nil); err != nil {
		return nil, err
	}
	var books struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := admin.Do(ctx, http.MethodGet, "/playbooks", nil, &books); err != nil {
		return nil, err
	}
	in := map[string]any{"playbook": books.Items[0].ID, "title": "测速", "region_code": township, "starts_on": "2027-03-01"}
	if err := admin.Do(ctx, http.MethodPut, "/campaigns/"+t.campaign, in, nil); err != nil {
		return nil, err
	}
	file, err := rosterFile(households)
	if err != nil {
		return nil, err
	}
	path := "/campaigns/" + t.campaign + "/roster/imports?dry_run=false&name=bench.xlsx"
	if err := admin.Do(ctx, http.MethodPost, path, sim.Raw{Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Bytes: file}, nil); err != nil {
		return nil, err
	}
	if err := t.people(ctx, base, phones); err != nil {
		return nil, err
	}
	return t, t.plan(ctx)
}

func villageCode(v int) string { return fmt.Sprintf("%s%03d", township[:9], 201+v) }
func villageName(v int) string { return fmt.Sprintf("测速%d村", v+1) }

// people makes one team per phone, two enumerators each, and logs one of them in.
func (t *town) people(ctx context.Context, base string, phones int) error {
	t.phones = make([]*phone, phones)
	return parallel(phones, 4, func(i int) error {
		members := []string{id.New(), id.New()}
		for m, member := range members {
			name := fmt.Sprintf("bench%03d%c", i, 'a'+m)
			in := map[string]any{
				"account": name, "name": "调查员" + name, "role": "enumerator", "region_code": township, "home_village": "",
				"from_county": m == 0, "unit": "测速", "disabled": false, "password": password,
			}
			if err := t.admin.Do(ctx, http.MethodPut, "/accounts/"+member, in, nil); err != nil {
				return err
			}
		}
		team := map[string]any{"name": fmt.Sprintf("第%03d组", i+1), "member_ids": members}
		if err := t.admin.Do(ctx, http.MethodPut, "/campaigns/"+t.campaign+"/teams/"+id.New(), team, nil); err != nil {
			return err
		}
		name := fmt.Sprintf("bench%03da", i)
		c, err := sim.Login(ctx, base, name, password)
		t.phones[i] = &phone{Client: c, account: name}
		return err
	})
}

// plan assigns every household and loads the packages of the phones.
func (t *town) plan(ctx context.Context) error {
	var c struct {
		Stages []struct {
			From string `json:"from"`
			To   string `json:"to"`
		} `json:"stages"`
	}
	if err := t.admin.Do(ctx, http.MethodGet, "/campaigns/"+t.campaign, nil, &c); err != nil {
		return err
	}
	var plan struct {
		Feasible bool             `json:"feasible"`
		Reasons  []map[string]any `json:"reasons"`
	}
	in := map[string]any{"from": c.Stages[1].From, "to": c.Stages[1].To, "dry_run": false}
	if err := t.admin.Do(ctx, http.MethodPost, "/campaigns/"+t.campaign+"/plan", in, &plan); err != nil {
		return err
	}
	if !plan.Feasible {
		return fmt.Errorf("no plan: %v", plan.Reasons)
	}
	return parallel(len(t.phones), 4, func(i int) error {
		p := t.phones[i]
		return p.Do(ctx, http.MethodGet, "/field/package", nil, &p.pkg)
	})
}

// rosterFile is a workbook of registered households that have exited, one member each.
func rosterFile(households int) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // lives in memory
	if err := f.SetSheetName("Sheet1", "户信息"); err != nil {
		return nil, err
	}
	if _, err := f.NewSheet("家庭成员"); err != nil {
		return nil, err
	}
	rows := [][]any{{"户编号", "行政村", "村民组", "户主姓名", "户主证件号码", "联系电话", "户属性", "脱贫年度"}}
	people := [][]any{{"户编号", "姓名", "证件号码", "与户主关系", "健康状况", "在校生状况"}}
	for n := range households {
		code, name, number := fmt.Sprintf("B%06d", n+1), fmt.Sprintf("测试户%06d", n+1), idNumber(n)
		rows = append(rows, []any{code, villageName(n % villages), "1组", name, number, fmt.Sprintf("100%08d", n), "脱贫户", "2018"})
		people = append(people, []any{code, name, number, "户主", "健康", ""})
	}
	for sheet, table := range map[string][][]any{"户信息": rows, "家庭成员": people} {
		w, err := f.NewStreamWriter(sheet)
		if err != nil {
			return nil, err
		}
		for i, row := range table {
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				return nil, err
			}
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// idNumber makes a number with a right check digit for person n.
func idNumber(n int) string {
	first := fmt.Sprintf("990101%04d%02d%02d%03d", 1940+n/1000/28/12%60, 1+n/1000/28%12, 1+n/1000%28, n%1000)
	return first + string(idnumber.CheckChar(first))
}

// parallel runs fn for 0 to n-1 on so many goroutines and gives the first error.
func parallel(n, workers int, fn func(i int) error) error {
	next := make(chan int)
	errs := make(chan error, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			var first error
			for i := range next {
				if first == nil {
					first = fn(i)
				}
			}
			errs <- first
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
