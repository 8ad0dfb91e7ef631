package formgen

import "ruhu/form/xform/trace"

// Case is a form and the steps to be played on it.
type Case struct {
	Seed uint64     `json:"seed"`
	Form Form       `json:"form"`
	Plan trace.Plan `json:"plan"`
}

// Form is a questionnaire: items in order, and the lists its choices come from.
type Form struct {
	ID    string `json:"id"`
	Items []Item `json:"items"`
	Lists []List `json:"lists,omitempty"`
}

// Item is a question, a value without a question, a group or a repeat. What is
// empty is left out of the XForm.
type Item struct {
	Kind       string   `json:"kind"` // input, select1, select, rank, trigger, note, value, group, repeat
	Name       string   `json:"name"` // unique in the form
	Type       string   `json:"type,omitempty"`
	Default    string   `json:"default,omitempty"`
	Relevant   string   `json:"relevant,omitempty"`
	Required   string   `json:"required,omitempty"`
	Readonly   string   `json:"readonly,omitempty"`
	Constraint string   `json:"constraint,omitempty"`
	Calculate  string   `json:"calculate,omitempty"`
	List       string   `json:"list,omitempty"`   // of a choice question: name of a list, offered as an itemset
	Filter     string   `json:"filter,omitempty"` // predicate of the itemset
	Choices    []Choice `json:"choices,omitempty"`
	Count      string   `json:"count,omitempty"`  // of a repeat: jr:count
	Output     string   `json:"output,omitempty"` // a path shown in the label
	Items      []Item   `json:"items,omitempty"`
}

// List is a secondary instance of choices. Group is a column to filter by.
type List struct {
	Name    string   `json:"name"`
	Choices []Choice `json:"choices"`
}

// Choice is one of a question's answers.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Group string `json:"group,omitempty"`
}
