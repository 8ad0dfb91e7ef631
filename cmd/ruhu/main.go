// Command ruhu runs a household assessment survey: the server, and tools for questionnaires, playbooks and rosters.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"ruhu/internal/errs"
)

// cli is the command line, one field per subcommand, each in a file of its own.
type cli struct {
	Config configFile `help:"Settings as YAML, with the names of the flags as keys. 设置文件。" placeholder:"FILE"`

	Serve    ServeCmd    `cmd:"" help:"Run the server. 启动服务。"`
	Demo     DemoCmd     `cmd:"" help:"Make a simulated township, once, and serve it. 生成并启动演示乡镇。"`
	Sim      SimCmd      `cmd:"" help:"Simulations with known faults. 模拟演练。"`
	API      APICmd      `cmd:"" name:"api" help:"What is made from the route table. 由接口表生成。"`
	Playbook PlaybookCmd `cmd:"" help:"Survey playbooks. 方案。"`
	Roster   RosterCmd   `cmd:"" help:"Rosters: check a file, write a template. 底册。"`
	Sample   SampleCmd   `cmd:"" help:"Samples: draw from files, verify a published draw. 抽样：按文件抽取，复核公布的记录。"`
	Verify   VerifyCmd   `cmd:"" help:"Check the log, or all logged rows of a database, against the signed checkpoint. 校验日志与数据。"`
	Doctor   DoctorCmd   `cmd:"" help:"Count anew what is kept as counters, and compare. 清点并核对计数。"`
	Log      LogCmd      `cmd:"" help:"The log of decisions. 决定日志。"`
	Form     FormCmd     `cmd:"" help:"Questionnaires: check, convert, try out. 问卷。"`
}

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit code: 0, 1 for a failure, 2 for a wrong command line.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	parser, err := kong.New(&c, kong.Name("ruhu"), kong.Description("入户 · household survey"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ruhu:", err)
		return 2
	}
	if err := k.Run(); err != nil {
		if _, ours := errs.As(err); ours {
			fmt.Fprintln(os.Stderr, "ruhu:", errs.MessageOf(err, language()))
		}
		fmt.Fprintln(os.Stderr, "ruhu:", err)
		return 1
	}
	return 0
}

// language is that of the terminal; Chinese unless it says English.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return "en"
			}
			return "zh"
		}
	}
	return "zh"
}
