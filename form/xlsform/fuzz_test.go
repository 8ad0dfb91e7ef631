package xlsform_test

import (
	"testing"

	"ruhu/form/xlsform"
	"ruhu/form/xpath"
)

// FuzzConvert: whatever is read is converted without a crash, and a form without errors is well-formed XML.
func FuzzConvert(f *testing.F) {
	f.Add("f.md", []byte(base))
	f.Add("f.md", []byte("| survey | |\n| | type | name | label |\n| | begin loop over yn | l | x |\n| | text | t | %(label)s |\n| | end loop | | |"))
	f.Add("f.csv", []byte("type,name,label,relevant\nbegin repeat,r,R,\nselect_one ${a} or_other,q,Q,${q}\ntext,a,A,\nend repeat,,,"))
	f.Add("f.csv", []byte("type,name,label::a,label::b,parameters,trigger\nrange,r,,R,start=0;end=1,\"${r},,${r}\""))
	f.Add("f.xlsx", []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		wb, err := xlsform.Read(name, src)
		if err != nil {
			return
		}
		res, ds := xlsform.Convert(wb)
		if xlsform.HasErrors(ds) {
			if res.XForm != nil {
				t.Fatal("errors, and an XForm")
			}
			return
		}
		if _, err := xpath.ParseXML(res.XForm, xpath.Limits{}); err != nil {
			t.Fatalf("not XML: %v\n%s", err, res.XForm)
		}
	})
}
