package app

import (
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"

	"ruhu/internal/errs"
)

// Config is every setting of the server. A value is taken from the flag, else from the environment (RUHU_…), else from the
// file, else the default given here.
type Config struct {
	Data          string `help:"Folder for the database and the files. 数据目录。" default:"./data" env:"RUHU_DATA" placeholder:"DIR"`
	DB            string `name:"db" help:"PostgreSQL address, postgres://…; without it SQLite in the data folder. 数据库地址。" env:"RUHU_DB" placeholder:"DSN"`
	Addr          string `help:"Address to listen on; port 0 takes a free one. 监听地址。" default:"127.0.0.1:8080" env:"RUHU_ADDR"`
	TLSCert       string `name:"tls-cert" help:"Certificate file; with it the server speaks https. 证书文件。" env:"RUHU_TLS_CERT" placeholder:"FILE"`
	TLSKey        string `name:"tls-key" help:"Private key of the certificate. 私钥文件。" env:"RUHU_TLS_KEY" placeholder:"FILE"`
	BehindProxy   bool   `help:"A proxy in front speaks https and sets X-Forwarded-For. 前面有 https 代理。" env:"RUHU_BEHIND_PROXY"`
	Chromium      string `help:"Chromium that makes PDFs; without it one is looked for on PATH. 生成 PDF 的浏览器。" env:"RUHU_CHROMIUM" placeholder:"FILE"`
	PublicURL     string `name:"public-url" help:"Address that phones reach the server by, https://…, for the QR codes on printed forms; without it the address that the browser used. 手机访问的地址，印在二维码里。" env:"RUHU_PUBLIC_URL" placeholder:"URL"`
	LogFormat     string `help:"text or json. 日志格式。" enum:"text,json" default:"text" env:"RUHU_LOG_FORMAT"`
	LogLevel      string `help:"debug, info, warn or error; debug prints every request. 日志级别。" enum:"debug,info,warn,error" default:"info" env:"RUHU_LOG_LEVEL"`
	County        string `help:"Code of the county, 6 digits; used once, when the database is empty. 县级代码，首次启动时用。" default:"990101" env:"RUHU_COUNTY"`
	CountyName    string `help:"Name of the county; used once. 县名，首次启动时用。" default:"示例县" env:"RUHU_COUNTY_NAME"`
	Calendar      string `help:"File with working days and holidays of the county, on top of the State Council's notices; see docs/calendar.md. 本县日历文件。" env:"RUHU_CALENDAR" placeholder:"FILE"`
	LogKeys       string `help:"Folder of the keys that the log is signed with; without it log/ in the data folder. 日志签名密钥目录。" env:"RUHU_LOG_KEYS" placeholder:"DIR"`
	AdminPassword string `help:"Password of the first account (admin); used once. Without it one is made and printed. 首个账号的密码。" env:"RUHU_ADMIN_PASSWORD" placeholder:"TEXT"`
}

// Default is Config with the defaults of the tags, for programs that start a server without a command line.
func Default(data string) Config {
	return Config{Data: data, Addr: "127.0.0.1:0", LogFormat: "text", LogLevel: "info", County: "990101", CountyName: "示例县"}
}

// dsn is what db.Open is given.
func (c Config) dsn() string {
	if c.DB != "" {
		return c.DB
	}
	return filepath.Join(c.Data, "ruhu.db")
}

func (c Config) blobs() string { return filepath.Join(c.Data, "blobs") }

// prints is the folder of PDFs, apart from the evidence because they are removed again.
func (c Config) prints() string { return filepath.Join(c.Data, "prints") }

// parts is where files wait that have not arrived whole.
func (c Config) parts() string { return filepath.Join(c.Data, "parts") }

func (c Config) logKeys() string {
	if c.LogKeys != "" {
		return c.LogKeys
	}
	return filepath.Join(c.Data, "log")
}

// secure tells whether browsers reach us by https.
func (c Config) secure() bool { return c.TLSCert != "" || c.BehindProxy }

func (c Config) check() error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errs.Invalid.New("app.tls_pair")
	}
	if strings.TrimSpace(c.Data) == "" {
		return errs.Invalid.New("app.no_data")
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "") {
		return errs.Invalid.New("app.public_url", "got", c.PublicURL)
	}
	return nil
}

// Level is the log level as slog knows it.
func (c Config) Level() slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return slog.LevelInfo
	}
	return l
}
