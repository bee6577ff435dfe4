// The programs of a Kubernetes control plane in one binary, since they share most of their code: `testbed kube-apiserver …`, or by the
// name it is called by, so that a link named kubectl is kubectl.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // CronJobs name time zones, and a build machine may have no zone files

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
	kwoksignals "sigs.k8s.io/kwok/pkg/utils/signals"
)

var programs = map[string]func(){
	"etcd":                    func() { etcdmain.Main(os.Args) },
	"kube-apiserver":          func() { os.Exit(cli.Run(apiserver.NewAPIServerCommand())) },
	"kube-controller-manager": func() { os.Exit(cli.Run(controllermanager.NewControllerManagerCommand())) },
	"kube-scheduler":          func() { os.Exit(cli.Run(scheduler.NewSchedulerCommand())) },
	"kubectl":                 runKubectl,
	"kwok":                    runKwok,
	"pki":                     runPKI,
	"client-certificate":      runClientCertificate,
}

func main() {
	if programs[filepath.Base(os.Args[0])] == nil {
		os.Args = os.Args[1:]
	}
	if len(os.Args) > 0 && strings.HasPrefix(os.Args[0], "--lifeline") {
		_, folder, _ := strings.Cut(os.Args[0], "=")
		os.Args = os.Args[1:]
		go exitWithParent(folder)
	}
	if len(os.Args) == 0 || programs[filepath.Base(os.Args[0])] == nil {
		fmt.Fprintln(os.Stderr, "usage: testbed [--lifeline[=DIR]] etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|kwok|pki|client-certificate …")
		os.Exit(2)
	}
	programs[filepath.Base(os.Args[0])]()
}

// A parent that is killed cannot stop us, nor clear away the folder it gave us. It holds the other end of file descriptor 3, which
// the kernel closes for it; stdin is no place for that, since `kubectl apply -f -` reads it to its end.
func exitWithParent(folder string) {
	const lifeline = 3
	syscall.CloseOnExec(lifeline)
	_, _ = io.Copy(io.Discard, os.NewFile(lifeline, "lifeline"))
	if folder != "" {
		time.Sleep(time.Second) // the other programs, whose lifeline ends now too, still write into it
		_ = os.RemoveAll(folder)
	}
	os.Exit(1)
}

// As in k8s.io/kubernetes/cmd/kubectl, whose main cannot be imported.
func runKubectl() {
	_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(os.Args))
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}

// As in sigs.k8s.io/kwok/cmd/kwok, whose main cannot be imported.
func runKwok() {
	// Kubernetes adds its own --version to the flags of every command in the process, and KWOK's is of another type.
	pflag.CommandLine = pflag.NewFlagSet("kwok", pflag.ContinueOnError)
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(kwoksignals.SetupSignalContext(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	exitOn(err)
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	exitOn(command.ExecuteContext(ctx))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
