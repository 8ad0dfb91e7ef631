package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"ruhu/internal/id"
	"ruhu/internal/sampling/draw"
)

// Sample is what was drawn, counted from the published record and not from what the draw says of itself.
type Sample struct {
	Draw       string          `json:"draw"`
	Seed       string          `json:"seed"`
	Frame      string          `json:"frame_sha256"`
	Villages   []SampleVillage `json:"villages"`
	Households int             `json:"households"`
	Verified   bool            `json:"verified"` // repeated from the record and the frame's file, without a difference
}

// SampleVillage is a village of the sample.
type SampleVillage struct {
	Code      string `json:"code"`
	Quota     int    `json:"quota"`     // households drawn for the quotas
	Certainty int    `json:"certainty"` // households that are always visited, on top
	Have      int    `json:"have"`      // of those, how many live in the village by the roster
}

type samplingSetup struct {
	Sampled bool `json:"sampled"`
	Design  struct {
		Groups []struct {
			Code      string `json:"code"`
			Townships int    `json:"townships"`
		} `json:"groups"`
		Types []struct {
			Code string `json:"code"`
		} `json:"types"`
		Certainty []struct {
			Code string `json:"code"`
		} `json:"certainty"`
	} `json:"design"`
}

type drawn struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Frame string `json:"frame_sha256"`
}

// sample plays the draw where the playbook has a design: the office says which townships are which, freezes the frame, enters the number of
// a public draw and publishes. Then somebody outside repeats it from the published files.
func (p *player) sample(ctx context.Context) error {
	at := "/campaigns/" + p.campaign
	var setup samplingSetup
	if err := p.office.Do(ctx, http.MethodGet, at+"/sampling", nil, &setup); err != nil || !setup.Sampled {
		return err
	}
	if err := p.office.Do(ctx, http.MethodPut, at+"/sampling/places", map[string]any{"places": p.samplePlaces(setup)}, nil); err != nil {
		return err
	}
	var d drawn
	path := "/draws/" + id.New()
	if err := p.office.Do(ctx, http.MethodPut, at+path, map[string]string{"reason": ""}, &d); err != nil {
		return err
	}
	out := &Sample{Draw: d.ID, Frame: d.Frame, Seed: fmt.Sprintf("%07d", p.Seed*7_654_321%10_000_000)}
	seed := map[string]string{"seed": out.Seed, "source": "公证处现场摇号（模拟）", "witnesses": "纪委、乡镇代表", "frame_sha256": d.Frame}
	if err := p.office.Do(ctx, http.MethodPost, path+"/seed", seed, nil); err != nil {
		return err
	}
	if err := p.office.Do(ctx, http.MethodPost, path+"/publish", struct{}{}, &d); err != nil {
		return err
	}
	p.sum.Sample = out
	return p.audit(ctx, path, setup)
}

// samplePlaces gives the townships their groups, as many to each as the plan counts on, and marks two villages of five as of the first type.
func (p *player) samplePlaces(s samplingSetup) []map[string]string {
	var out []map[string]string
	group, left := 0, 0
	if len(s.Design.Groups) > 0 {
		left = s.Design.Groups[0].Townships
	}
	for _, t := range p.world.Townships {
		for left == 0 && group+1 < len(s.Design.Groups) {
			group++
			left = s.Design.Groups[group].Townships
		}
		left--
		out = append(out, map[string]string{"code": t.Code, "value": s.Design.Groups[group].Code})
	}
	for i, v := range p.world.Villages {
		if len(s.Design.Types) == 2 {
			out = append(out, map[string]string{"code": v.Code, "value": s.Design.Types[map[bool]int{true: 0, false: 1}[i%5 < 2]].Code})
		}
	}
	return out
}

// audit repeats the draw as a stranger would, and counts what is in it.
func (p *player) audit(ctx context.Context, path string, setup samplingSetup) error {
	var record, frame []byte
	reader, err := p.as(ctx, "inspector")
	if err != nil {
		return err
	}
	if err := reader.Do(ctx, http.MethodGet, path+"/record.json", nil, &record); err != nil {
		return err
	}
	if err := reader.Do(ctx, http.MethodGet, path+"/frame.csv", nil, &frame); err != nil {
		return err
	}
	r, err := draw.ReadRecord(record)
	if err != nil {
		return fmt.Errorf("record of the draw: %w", err)
	}
	differences, err := draw.Verify(r, frame)
	if err != nil {
		return fmt.Errorf("verify the draw: %w", err)
	}
	p.sum.Sample.Verified = len(differences) == 0
	certain := map[string]bool{}
	for _, c := range setup.Design.Certainty {
		certain[c.Code] = true
	}
	var result struct {
		Villages []struct {
			Code string `json:"code"`
		} `json:"villages"`
	}
	if err := reader.Do(ctx, http.MethodGet, path, nil, &result); err != nil {
		return err
	}
	p.inSample = map[string]bool{}
	for _, v := range result.Villages {
		var units struct {
			Items []struct {
				Code    string `json:"code"`
				Stratum string `json:"stratum"`
				State   string `json:"state"`
			} `json:"items"`
		}
		if err := reader.Do(ctx, http.MethodGet, path+"/units?place="+url.QueryEscape(v.Code), nil, &units); err != nil {
			return err
		}
		sv := SampleVillage{Code: v.Code, Have: p.always(v.Code)}
		for _, u := range units.Items {
			switch {
			case u.State != "selected":
				continue
			case certain[u.Stratum]:
				sv.Certainty++
			default:
				sv.Quota++
			}
			p.sum.Sample.Households++
			p.inSample[u.Code] = true
		}
		p.sum.Sample.Villages = append(p.sum.Sample.Villages, sv)
	}
	return nil
}

// always counts the households of a village that are visited whatever the draw, by the classes that the playbook's simulation marks.
func (p *player) always(village string) int {
	n := 0
	for _, h := range p.world.Households {
		if h.Village != village || !h.Listed {
			continue
		}
		for _, c := range p.world.shape.Classes {
			if c.Word == h.Class && c.Always {
				n++
			}
		}
	}
	return n
}
