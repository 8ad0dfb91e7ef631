package web

import (
	"net/http"

	"ruhu/form/xform"
	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// FormVersion is one of the versions that a form of a campaign has had, with the visits that have it.
type FormVersion struct {
	N        int     `json:"n"` // 1 is the playbook's
	Hash     string  `json:"hash"`
	Version  string  `json:"version"`
	Reason   string  `json:"reason"`
	FileName string  `json:"file_name"`
	At       db.Time `json:"at"`
	ByName   string  `json:"by_name"`
	FormVisits
}

// FormVisits counts visits.
type FormVisits struct {
	Open     int `json:"open"`     // nobody has begun
	Begun    int `json:"begun"`    // a phone has a draft
	Returned int `json:"returned"` // to be mended
	Sent     int `json:"sent"`     // handed in or done
}

// FormVersions is a form of a campaign with its versions, the newest first.
type FormVersions struct {
	Code     string        `json:"code"`
	Title    playbook.Text `json:"title"`
	Hash     string        `json:"hash"`
	Version  string        `json:"version"`
	Classes  []string      `json:"classes"`
	Versions []FormVersion `json:"versions"`
}

// FormUpload is a workbook that may become a version.
type FormUpload struct {
	Name   string `json:"name"`
	Source []byte `json:"source"`
}

// FormCheck says what is wrong with a workbook and what it would change. base is to be sent back with it.
type FormCheck struct {
	Usable   bool               `json:"usable"`
	Version  string             `json:"version"`
	Base     string             `json:"base"`
	Mistakes []playbook.Mistake `json:"mistakes"`
	Revised  []xform.Revised    `json:"revised"`
	Moves    FormVisits         `json:"moves"` // visits that go on with it; those sent stay
}

// FormPublish publishes a workbook as the version that follows base.
type FormPublish struct {
	FormUpload
	Base   string `json:"base"`
	Reason string `json:"reason"`
}

const maxFormUpload = 16 << 20

func (s *Server) formRoutes() []Route {
	const forms = "/api/v1/campaigns/{campaign}/forms"
	return []Route{
		{
			Pattern: "GET " + forms, Action: authz.CampaignRead, Res: List[FormVersions]{},
			Summary: "The campaign's forms, their versions, and the visits of one's region that have them", Handler: s.forms,
		},
		{
			Pattern: "POST " + forms + "/{form}/check", Action: authz.CampaignManage, Req: FormUpload{}, Res: FormCheck{}, MaxBody: maxFormUpload,
			Summary: "Read a workbook as the next version of a form: mistakes, what it changes, the visits that would go on with it", Handler: s.checkForm,
		},
		{
			Pattern: "POST " + forms + "/{form}/versions", Action: authz.CampaignManage, Req: FormPublish{}, Res: FormVersion{}, MaxBody: maxFormUpload,
			Summary: "Publish a workbook as the next version; 409 survey.form_changed when somebody else was quicker", Handler: s.publishForm,
		},
	}
}

func formVersion(v survey.Version, uses []assign.Use, form string) FormVersion {
	out := FormVersion{N: v.N, Hash: v.Hash, Version: v.Version, Reason: v.Reason, FileName: v.FileName, At: v.At, ByName: v.ByName}
	for _, u := range uses {
		if u.Form == form && u.Hash == v.Hash {
			out.FormVisits = FormVisits{u.Open, u.Begun, u.Returned, u.Sent}
		}
	}
	return out
}

func (s *Server) forms(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := s.Surveys.Get(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	var all []survey.FormVersions
	var uses []assign.Use
	err = s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if all, err = survey.VersionsTx(r.Context(), tx, campaign); err != nil {
			return err
		}
		uses, err = assign.UsesTx(r.Context(), tx, c.Actor, campaign.ID)
		return err
	})
	if err != nil {
		return err
	}
	out := make([]FormVersions, len(all))
	for i, f := range all {
		out[i] = FormVersions{f.Code, f.Title, f.Hash, f.Version, f.Classes, make([]FormVersion, len(f.Versions))}
		for j, v := range f.Versions {
			out[i].Versions[j] = formVersion(v, uses, f.Code)
		}
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) checkForm(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[FormUpload](r)
	if err != nil {
		return err
	}
	code := r.PathValue("form")
	checked, err := s.Surveys.CheckForm(r.Context(), c.Actor, r.PathValue("campaign"), code, survey.Upload(in), c.Lang)
	if err != nil {
		return err
	}
	var uses []assign.Use
	err = s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		uses, err = assign.UsesTx(r.Context(), tx, c.Actor, checked.Campaign)
		return err
	})
	if err != nil {
		return err
	}
	out := FormCheck{
		Usable: checked.Usable(), Version: checked.Form.Version, Base: checked.Base, Mistakes: orEmpty(checked.Mistakes), Revised: orEmpty(checked.Revised),
	}
	for _, u := range uses {
		if u.Form == code {
			out.Moves.Open += u.Open
			out.Moves.Begun += u.Begun
			out.Moves.Returned += u.Returned
			out.Moves.Sent += u.Sent
		}
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) publishForm(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[FormPublish](r)
	if err != nil {
		return err
	}
	code := r.PathValue("form")
	v, err := s.Surveys.PublishForm(r.Context(), c.Actor, r.PathValue("campaign"), code, survey.Publish{
		Upload: survey.Upload(in.FormUpload), Base: in.Base, Reason: in.Reason,
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, formVersion(v, nil, code))
}
