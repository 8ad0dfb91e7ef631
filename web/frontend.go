package frontend

import "io/fs"

// Console gives the built console, FieldApp the built phone app. A folder that was not built holds no index.html.
func Console() fs.FS  { return sub("apps/console/dist") }
func FieldApp() fs.FS { return sub("apps/field/dist") }

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil { // only for a malformed dir, which the two above are not
		panic(err)
	}
	return f
}
