package xform_test

import (
	"encoding/xml"
	"strings"
)

type (
	xmlStart = xml.StartElement
	xmlEnd   = xml.EndElement
	xmlText  = xml.CharData
)

func newXML(src string) *xml.Decoder { return xml.NewDecoder(strings.NewReader(src)) }
