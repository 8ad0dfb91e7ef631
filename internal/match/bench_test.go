package match_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/match"
	mt "ruhu/internal/match/matchtest"
	rt "ruhu/internal/roster/rostertest"
)

const benchRows = 500_000

// bigCSV and bigXLSX are the same register of half a million people: ten columns, 15 names to a thousand.
func benchRow(i int) []string {
	name := "张" + string(rune(0x4e00+i%9000)) + string(rune(0x4e00+i/9000*37%9000))
	return []string{name, rt.ID(i), fmt.Sprintf("H%07d", i/4), []string{"户主", "配偶", "子", "女"}[i%4], "第1村", "东镇", "1990-03-04", "1390000" + fmt.Sprintf("%04d", i%10000), "4", fmt.Sprintf("%d.5", 6000+i%9000)}
}

var benchHeader = []string{"姓名", "证件号码", "户编号", "与户主关系", "村", "乡镇", "出生日期", "联系电话", "家庭人口", "人均纯收入"}

func bigCSV() []byte {
	var b strings.Builder
	b.WriteString(strings.Join(benchHeader, ",") + "\n")
	for i := range benchRows {
		b.WriteString(strings.Join(benchRow(i), ",") + "\n")
	}
	return []byte(b.String())
}

func bigXLSX(b *testing.B) []byte {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := -1; i < benchRows; i++ {
		cells := benchHeader
		if i >= 0 {
			cells = benchRow(i)
		}
		row := make([]any, len(cells))
		for j, c := range cells {
			row[j] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}

// BenchmarkRegister measures half a million rows: the check alone, and loading on each database, with the largest heap seen and the
// longest that another writer had to wait meanwhile. Run it by `make bench`.
func BenchmarkRegister(b *testing.B) {
	if os.Getenv("RUHU_BENCH") == "" {
		b.Skip("set RUHU_BENCH=1: it takes minutes")
	}
	for name, make := range map[string]func() []byte{"csv": bigCSV, "xlsx": func() []byte { return bigXLSX(b) }} {
		data := make()
		for kind, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				w := mt.New(b, open(b, db.Options{}), 2)
				r := w.Upload(b, "national", data)
				p, err := w.Matches.Propose(ctx, w.Office, r.ID)
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				rep, err := w.Matches.Check(ctx, w.Office, r.ID, p.Mapping, "zh")
				if err != nil || rep.Broken > 0 {
					b.Fatal(err, rep.Errors)
				}
				checked := time.Since(began)
				stop, peak, waited := watch(w)
				began = time.Now()
				if _, err := w.Matches.Load(ctx, w.Office, r.ID, p.Mapping, false, "zh"); err != nil {
					b.Fatal(err)
				}
				if err := w.Bus.Drain(ctx); err != nil {
					b.Fatal(err)
				}
				loaded := time.Since(began)
				close(stop)
				got, err := w.Matches.Get(ctx, w.Office, r.ID)
				if err != nil || got.State != match.Current || got.Rows != benchRows {
					b.Fatal(err, got.State, got.Rows, got.Error)
				}
				b.ReportMetric(checked.Seconds(), "s/check")
				b.ReportMetric(loaded.Seconds(), "s/load")
				b.ReportMetric(float64(<-peak)/(1<<20), "MB-heap")
				b.ReportMetric(float64((<-waited).Milliseconds()), "ms-longest-wait")
			})
		}
	}
}

// watch samples the heap and plays another writer until stop is closed.
func watch(w mt.World) (stop chan struct{}, peak chan uint64, waited chan time.Duration) {
	stop, peak, waited = make(chan struct{}), make(chan uint64, 1), make(chan time.Duration, 1)
	runtime.GC()
	go func() {
		var most uint64
		var longest time.Duration
		for {
			select {
			case <-stop:
				peak <- most
				waited <- longest
				return
			case <-time.After(200 * time.Millisecond):
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			began := time.Now()
			_ = w.D.Update(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM job_task WHERE county = '000000'`)
				return err
			})
			longest = max(longest, time.Since(began))
		}
	}()
	return stop, peak, waited
}
