package job_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/job"
)

const county = "430922"

func emit(t *testing.T, d *db.DB, b *job.Bus, fail error, payloads ...any) {
	t.Helper()
	ctx := context.Background()
	err := d.Update(ctx, func(tx *db.Tx) error {
		if err := b.Emit(ctx, tx, county, "thing.happened", payloads...); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatalf("emit: %v", err)
	}
}

func TestEventsOfACommittedTransactionArriveAndOthersDoNot(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := job.New(d)
		inside, outside := 0, 0
		b.Inside("thing.happened", func(_ context.Context, _ *db.Tx, ev []job.Event) error { inside += len(ev); return nil })
		b.Outside("counter", 10, func(_ context.Context, b *job.Batch) error {
			for _, e := range b.Events {
				n, err := job.Decode[int](e)
				if err != nil {
					return err
				}
				outside += n
			}
			return nil
		}, "thing.happened")
		emit(t, d, b, errors.New("rolled back"), 1000)
		for range 60 {
			emit(t, d, b, nil, 1, 1)
		}
		if err := b.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if inside != 121 || outside != 120 {
			t.Errorf("inside %d, outside %d; want 121 (one of them rolled back) and 120", inside, outside)
		}
	})
}

func TestAFailingInsideHandlerUndoesTheFact(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := job.New(d)
		boom := errors.New("boom")
		b.Inside("thing.happened", func(context.Context, *db.Tx, []job.Event) error { return boom })
		b.Outside("never", 1, func(context.Context, *job.Batch) error { t.Error("an event escaped"); return nil }, "thing.happened")
		if err := d.Update(ctx, func(tx *db.Tx) error { return b.Emit(ctx, tx, county, "thing.happened", 1) }); !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		if err := b.Drain(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneBadEventIsRetriedAloneAndSetAsideAtLast(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock(time.Date(2026, 4, 13, 8, 0, 0, 0, time.UTC))
	d := dbtest.SQLite(t, db.Options{Clock: clock.Now})
	ctx := context.Background()
	b := job.New(d)
	good, bad := 0, 0
	b.Outside("picky", 10, func(_ context.Context, b *job.Batch) error {
		sum := 0
		for _, e := range b.Events {
			n, err := job.Decode[int](e)
			if err != nil {
				return err
			}
			if n == 13 {
				bad++
				panic("thirteen")
			}
			sum++
		}
		good += sum
		return nil
	}, "thing.happened")
	emit(t, d, b, nil, 1, 2, 13, 4)
	for range 20 {
		if err := b.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Hour)
	}
	if good != 3 || bad < 12 {
		t.Errorf("good %d, bad tried %d times", good, bad)
	}
	if n, err := b.Stuck(ctx); n != 1 || err != nil {
		t.Errorf("stuck %d, %v", n, err)
	}
}

func TestAFailureIsNotedWhateverItsText(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := job.New(d)
		runs := 0
		b.Outside("wordy", 1, func(context.Context, *job.Batch) error {
			runs++
			return errors.New("a\x00" + strings.Repeat("村", 2000)) // longer than is kept: the cut falls into a character
		}, "thing.happened")
		emit(t, d, b, nil, 1)
		if err := b.Drain(context.Background()); err != nil {
			t.Errorf("the failure could not be noted: %v", err)
		}
		if runs != 1 {
			t.Errorf("tried %d times at once", runs)
		}
	})
}

func TestAnUnfinishedBatchComesBackAfterItsLeaseAndADoneOneDoesNot(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock(time.Date(2026, 4, 13, 8, 0, 0, 0, time.UTC))
	dbtest.RunWith(t, db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := job.New(d)
		runs, crash := 0, true
		b.Outside("worker", 10, func(ctx context.Context, b *job.Batch) error {
			runs++
			err := d.Update(ctx, func(tx *db.Tx) error { return b.Done(ctx, tx) })
			if crash { // the work is committed, the process dies before it can say so
				return errors.New("killed")
			}
			return err
		}, "thing.happened")
		emit(t, d, b, nil, 1)
		if err := b.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		crash = false
		clock.Advance(24 * time.Hour)
		if err := b.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if runs != 1 {
			t.Errorf("work that was done in its own transaction ran %d times", runs)
		}
	})
}

func TestRunWakesUpWhenSomethingIsEmitted(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		b := job.New(d)
		got := make(chan int, 1)
		b.Outside("worker", 10, func(_ context.Context, b *job.Batch) error { got <- len(b.Events); return nil }, "thing.happened")
		stopped := make(chan struct{})
		go func() { b.Run(ctx); close(stopped) }()
		emit(t, d, b, nil, 1)
		if n := <-got; n != 1 {
			t.Errorf("batch of %d", n)
		}
		cancel()
		<-stopped
	})
}
