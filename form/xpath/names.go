package xpath

// canonical gives functions of the JavaRosa namespace the prefix jr, whatever
// the form calls it; other prefixed names stay as written.
func (p *parser) canonical(t token) (string, error) {
	prefix, local := splitName(t.text)
	if prefix == "" {
		return local, nil
	}
	if local == "*" {
		return "", p.unexpected(t)
	}
	if _, host := p.opt.Funcs[t.text]; host {
		return t.text, nil
	}
	uri, ok := p.opt.lookup(prefix)
	switch {
	case !ok:
		return "", p.fail(t.off, "namespace prefix %q is not declared", prefix)
	case uri == javarosaSpace:
		return "jr:" + local, nil
	case prefix == "jr": // bound to something else: not the function it looks like
		return "{" + uri + "}" + local, nil
	}
	return t.text, nil
}

const javarosaSpace = "http://openrosa.org/javarosa"

// usual are the prefixes known when Options.Namespaces is nil.
var usual = map[string]string{
	"jr":       javarosaSpace,
	"odk":      "http://www.opendatakit.org/xforms",
	"orx":      "http://openrosa.org/xforms",
	"h":        "http://www.w3.org/1999/xhtml",
	"xsd":      "http://www.w3.org/2001/XMLSchema",
	"ev":       "http://www.w3.org/2001/xml-events",
	"entities": "http://www.opendatakit.org/xforms/entities",
}

func (o *Options) lookup(prefix string) (string, bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	if o.Namespaces == nil {
		uri, ok := usual[prefix]
		return uri, ok
	}
	uri, ok := o.Namespaces[prefix]
	return uri, ok
}
