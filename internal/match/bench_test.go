package match_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
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

// benchSizes are the sizes of registers: memory is flat if the heap is the same for all.
var benchSizes = []int{50_000, 200_000, 500_000}

// bigCSV and bigXLSX are the same register of n people: ten columns, 15 names to a thousand.
func benchRow(i int) []string {
	name := "张" + string(rune(0x4e00+i%9000)) + string(rune(0x4e00+i/9000*37%9000))
	return []string{name, rt.ID(i), fmt.Sprintf("H%07d", i/4), []string{"户主", "配偶", "子", "女"}[i%4], "第1村", "东镇", "1990-03-04", "1390000" + fmt.Sprintf("%04d", i%10000), "4", fmt.Sprintf("%d.5", 6000+i%9000)}
}

var benchHeader = []string{"姓名", "证件号码", "户编号", "与户主关系", "村", "乡镇", "出生日期", "联系电话", "家庭人口", "人均纯收入"}

func bigCSV(n int) []byte {
	var b strings.Builder
	b.WriteString(strings.Join(benchHeader, ",") + "\n")
	for i := range n {
		b.WriteString(strings.Join(benchRow(i), ",") + "\n")
	}
	return []byte(b.String())
}

func bigXLSX(b *testing.B, n int) []byte {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := -1; i < n; i++ {
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

// BenchmarkRegister measures registers of several sizes: the check alone, and loading on each database, with the largest heap above that at the
// start, also of what was alive when the collector looked, and the longest that another writer had to wait meanwhile. Run it by `make bench`.
func BenchmarkRegister(b *testing.B) {
	if os.Getenv("RUHU_BENCH") == "" {
		b.Skip("set RUHU_BENCH=1: it takes minutes")
	}
	for _, n := range benchSizes {
		for _, format := range []string{"csv", "xlsx"} {
			for kind, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
				b.Run(fmt.Sprintf("%s/%d/%s", format, n, kind), func(b *testing.B) {
					w := mt.New(b, open(b, db.Options{}), 2)
					benchLoad(b, w, upload(b, w, format, n), n)
				})
			}
		}
	}
}

// upload leaves nothing of the file on the heap.
func upload(b *testing.B, w mt.World, format string, n int) match.Register {
	data := bigCSV
	if format == "xlsx" {
		data = func(n int) []byte { return bigXLSX(b, n) }
	}
	return w.Upload(b, "national", data(n))
}

func benchLoad(b *testing.B, w mt.World, r match.Register, n int) {
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
	seen := watch(w)
	began = time.Now()
	if _, err := w.Matches.Load(ctx, w.Office, r.ID, p.Mapping, false, "zh"); err != nil {
		b.Fatal(err)
	}
	if err := w.Bus.Drain(ctx); err != nil {
		b.Fatal(err)
	}
	loaded := time.Since(began)
	most := seen()
	got, err := w.Matches.Get(ctx, w.Office, r.ID)
	if err != nil || got.State != match.Current || got.Rows != n {
		b.Fatal(err, got.State, got.Rows, got.Error)
	}
	b.ReportMetric(checked.Seconds(), "s/check")
	b.ReportMetric(loaded.Seconds(), "s/load")
	b.ReportMetric(float64(most.heap)/(1<<20), "MB-heap")
	b.ReportMetric(float64(most.live)/(1<<20), "MB-live")
	b.ReportMetric(float64(most.wait.Milliseconds()), "ms-longest-wait")
}

// peaks are the largest values seen, of the heap above that at the start.
type peaks struct {
	heap, live uint64
	wait       time.Duration
}

// watch samples the heap and plays another writer until the function that it gives is called.
func watch(w mt.World) func() peaks {
	stop, out := make(chan struct{}), make(chan peaks, 1)
	runtime.GC()
	heap, live := heapNow()
	go func() {
		var most peaks
		for {
			select {
			case <-stop:
				out <- most
				return
			case <-time.After(100 * time.Millisecond):
			}
			h, l := heapNow()
			most.heap, most.live = max(most.heap, h-min(h, heap)), max(most.live, l-min(l, live))
			began := time.Now()
			_ = w.D.Update(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM job_task WHERE county = '000000'`)
				return err
			})
			most.wait = max(most.wait, time.Since(began))
		}
	}()
	return func() peaks {
		close(stop)
		return <-out
	}
}

// heapNow gives the bytes in use, and those that were alive at the last collection.
func heapNow() (inUse, live uint64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return m.HeapInuse, s[0].Value.Uint64()
}
