package ledger

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// Notice is a supervision notice (督办) with its answer.
type Notice struct {
	ID         string
	No         int // first, second … of the item
	Demand     string
	ReplyBy    db.Date
	IssuedName string
	IssuedAt   db.Time
	Reply      string // "" until it was answered
	ReplyName  string
	RepliedAt  *db.Time
}

const (
	insertNotice = `INSERT INTO ledger_notice (county, id, item, no, demand, reply_by, issued_name, issued_at, reply, reply_name)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '')`
	countNotices  = `SELECT count(*) FROM ledger_notice WHERE county = $1 AND item = $2`
	answerNotice  = `UPDATE ledger_notice SET reply = $3, reply_name = $4, replied_at = $5 WHERE county = $1 AND id = $2`
	selectNotices = `SELECT id, no, demand, reply_by, issued_name, issued_at, reply, reply_name, replied_at FROM ledger_notice
 WHERE county = $1 AND item = $2 ORDER BY no`
)

// noticeTx writes what an act does to the notices of an item.
func (s *Service) noticeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, it Item, act Act) (err error) {
	if act.Action == Answer {
		_, err = tx.Exec(ctx, answerNotice, it.County, it.Notice, act.Note, actor.Name, tx.Now())
		return err
	}
	if act.Action != Supervise {
		return nil
	}
	var earlier int
	if err := tx.QueryRow(ctx, countNotices, it.County, it.ID).Scan(&earlier); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertNotice, it.County, act.ID, it.ID, earlier+1, act.Note, it.ReplyBy, actor.Name, tx.Now())
	return err
}

func noticesTx(ctx context.Context, tx *db.Tx, county, item string) ([]Notice, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Notice, error) {
		var n Notice
		err := scan(&n.ID, &n.No, &n.Demand, &n.ReplyBy, &n.IssuedName, &n.IssuedAt, &n.Reply, &n.ReplyName, &n.RepliedAt)
		return n, err
	}, selectNotices, county, item)
}

// replyBy is the day by which a notice of today is answered.
func (s *Service) replyBy(c survey.Campaign, today db.Date) db.Date {
	days := c.Plan.Ledger.ReplyDays
	if days == 0 {
		days = playbook.DefaultReplyDays
	}
	return s.cal.Add(today, days)
}
