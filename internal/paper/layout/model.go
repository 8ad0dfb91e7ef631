package layout

import "slices"

// Sheet is one household's questionnaire, or an empty one.
type Sheet struct {
	Lang     string
	Title    string
	FormCode string
	Version  string
	Hash     string // first eight digits of the SHA-256 of the form
	Blocks   []Block
	Unsaid   []string // refs of questions whose condition could not be said in words
	House    *House   // nil for an empty form
	Members  []Member // of the household, when the form has no table of its own for them
	Signers  []string // in the order of signing
	// SignsHousehold and SignsTeam count the signatures that the form itself asks for. They are not among the questions but, by their
	// labels, in Signers.
	SignsHousehold, SignsTeam int
	// AsksRespondent tells that the form itself asks who answers.
	AsksRespondent bool
}

// House is what stands at the top of a sheet.
type House struct {
	ID, Code, Village, Group, Head, Class string
	Team, Day                             string // of the visit, "" when it is not planned
	URL                                   string // that the QR code holds
}

// Member is a person of the household. What the reader may not see is masked already.
type Member struct {
	Name, Relation, Sex, IDNumber, Health string
	// Keys are the same facts by the keys that forms name in bind::ruhu:prefill below a repeat: member.name ….
	Keys map[string]string
}

// Block is a part of a form with a heading; Heading is "" where the only question says it all.
type Block struct {
	Heading string
	Items   []Item
}

// Questions are those of a block, without tables.
func (b Block) Questions() []*Question {
	var out []*Question
	for _, it := range b.Items {
		if it.Question != nil {
			out = append(out, it.Question)
		}
	}
	return out
}

// Known tells that everything in a block was copied from a register, so that it is read and corrected rather than filled in.
func (b Block) Known() bool {
	qs := b.Questions()
	for _, q := range qs {
		if q.Value == "" && !(q.Kind == KindText || q.Kind == KindNumber) || q.When != "" || len(q.Choices) > 0 || len(q.Checks) > 0 || q.Kind == KindAuto {
			return false
		}
	}
	filled := 0
	for _, q := range qs {
		if q.Value != "" {
			filled++
		}
	}
	return len(qs) > 2 && filled*2 > len(qs)
}

// Pairs are the questions of a block two by two; the last may lack its second.
func (b Block) Pairs() [][2]*Question {
	var out [][2]*Question
	for part := range slices.Chunk(b.Questions(), 2) {
		var p [2]*Question
		copy(p[:], part)
		out = append(out, p)
	}
	return out
}

// Rest are the questions after the first.
func (b Block) Rest() []*Question { return b.Questions()[1:] }

// Tables are those of a block; they follow its questions on paper.
func (b Block) Tables() []*Table {
	var out []*Table
	for _, it := range b.Items {
		if it.Table != nil {
			out = append(out, it.Table)
		}
	}
	return out
}

// Item is a question, or a table of a repeat.
type Item struct {
	Question *Question
	Table    *Table
}

// Kind says how a question is answered on paper.
type Kind string

// The kinds.
const (
	KindOne     Kind = "one"  // tick one
	KindMany    Kind = "many" // tick several
	KindRank    Kind = "rank"
	KindNumber  Kind = "number"
	KindText    Kind = "text"
	KindLong    Kind = "long"
	KindDate    Kind = "date"
	KindTime    Kind = "time"
	KindPlace   Kind = "place"
	KindPhoto   Kind = "photo"
	KindFile    Kind = "file"
	KindSign    Kind = "sign" // never a question of a sheet: see Sheet.Signers
	KindConfirm Kind = "confirm"
	KindNote    Kind = "note"
	KindAuto    Kind = "auto" // calculated
	KindList    Kind = "list" // chosen from a list that depends on other answers
)

// Question is one question on paper.
type Question struct {
	Ref      string // with repeat numbers
	Number   string // "4—1", "" when the label has none
	Label    string // without the number
	Hint     string
	When     string // “若第4题选①”, "" when it is always asked
	Kind     Kind
	Required bool
	Choices  []Choice
	Value    string // known before the visit, in words
	Source   string // where Value is from
	Locked   bool   // it cannot be corrected on the phone
	Digits   int    // boxes for a number
	Decimals int
	Wide     bool // the answer needs a line of its own
	Checks   []string
}

// Choice is an option.
type Choice struct {
	Mark, Label string // "①", "是"
	Ticked      bool
	Jump        string // “→第5题”, "" when the next question follows
}

// Table is a repeat: a row per instance, those that are known first.
type Table struct {
	Label, When string
	Columns     []Column
	Rows        [][]string
	Spare       int // empty rows
}

// Column is a question of a repeat.
type Column struct {
	Label, Hint string // Hint lists the options: “①男②女”
	Wide        bool
}
