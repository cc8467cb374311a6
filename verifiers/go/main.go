// Verifies decisions of a council from their files, without any code of Mizan: written after docs/spec/log.md and docs/spec/council.md.
//
//	mizan-verify --pin <digest of the roll> [--constitution FILE] decision.json ...
//
// Ends with 0 where every file is accepted, 1 where one is refused or no roll is pinned, 2 on wrong usage or an unreadable file.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

const (
	exitAccepted = 0
	exitRefused  = 1
	exitUsage    = 2
)

func newReader(raw []byte) io.Reader { return bytes.NewReader(raw) }

// readFile reads one byte more than a decision may have, so that an endless file ends and is refused.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, decisionBytesMax+1))
}

func at(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(timeForm) }

func seatList(seats []int) string {
	var written []string
	for _, seat := range seats {
		written = append(written, seatNumber(seat))
	}
	return strings.Join(written, " ")
}

func (it report) print(out io.Writer, pinned bool) {
	line := func(name, format string, values ...any) {
		fmt.Fprintf(out, "  %-12s"+format+"\n", append([]any{name}, values...)...)
	}
	state := "NOT PINNED"
	if pinned && it.pinned == it.council.epoch {
		state = "pinned"
	} else if pinned {
		state = fmt.Sprintf("follows from the pinned roll of epoch %d", it.pinned)
	}
	line("council", "%s, log %s, epoch %d", it.council.roll.council, it.council.origin, it.council.epoch)
	line("roll", "sha256:%s (%s)", it.rollDigest, state)
	line("motion", "%s option %s, class %s; vote %s round %d", it.motion.number, it.motion.option, it.motion.class, it.opening.slot, it.opening.round)
	line("digest", "%s (first 20 digits)", hexInFours(it.motionDigest))
	line("yes", "%d of %d seats: %s", len(it.yes), it.filled, seatList(it.yes))
	line("breadth", "%d of %d constituencies: %s", len(it.reached), len(it.council.constituencies), strings.Join(it.reached, ", "))
	line("counted", "no %d, abstain %d, silent %d, equivocated %d", it.outcome.no, it.outcome.abstain, it.outcome.silent, it.outcome.equivocated)
	line("closed", "%s (certified), in force %s", at(it.closing.time), at(it.outcome.in))
	line("checkpoint", "size %d, %d seats, outside %s, certified %s", it.checkpoint.size, len(it.seats), strings.Join(it.outside, ", "), at(it.certified))
}

func run(arguments []string, out, errors io.Writer) int {
	flags := flag.NewFlagSet("mizan-verify", flag.ContinueOnError)
	flags.SetOutput(errors)
	pin := flags.String("pin", "", "SHA-256 of the roll, as the gazette prints it: 64 hexadecimal digits")
	numbers := flags.String("constitution", "", "file with the constitution of the council; the council of 33 when left out")
	if err := flags.Parse(arguments); err != nil {
		return exitUsage
	}
	if flags.NArg() == 0 || (*pin != "" && !digestForm.MatchString(*pin)) {
		fmt.Fprintln(errors, "usage: mizan-verify --pin <64 hexadecimal digits> [--constitution FILE] decision.json ...")
		return exitUsage
	}
	var given *constitution
	if *numbers != "" {
		raw, err := readFile(*numbers)
		if err != nil {
			fmt.Fprintln(errors, err)
			return exitUsage
		}
		parsed, err := parseConstitution(string(raw))
		if err != nil {
			fmt.Fprintf(errors, "%s: %v\n", *numbers, err)
			return exitUsage
		}
		given = &parsed
	}
	exit := exitAccepted
	for _, path := range flags.Args() {
		raw, err := readFile(path)
		if err != nil {
			fmt.Fprintln(errors, err)
			return exitUsage
		}
		it, err := verify(raw, *pin, given)
		switch {
		case err != nil:
			fmt.Fprintf(out, "%s: REFUSED, %v\n", path, err)
			exit = exitRefused
		case *pin == "":
			fmt.Fprintf(out, "%s: NOT ACCEPTED YET, the file fits itself; compare the digest of the roll with the gazette and give it with --pin\n", path)
			it.print(out, false)
			exit = exitRefused
		default:
			fmt.Fprintf(out, "%s: ACCEPTED\n", path)
			it.print(out, true)
		}
	}
	return exit
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
