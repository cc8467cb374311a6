// The texts of the council, read line by line (docs/spec/council.md, sections 2 and 3).

package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	numberMax     = 1<<53 - 1
	textBytesMax  = 65_535
	roundsMax     = 99
	seatsMax      = 99
	alternatesMax = 40
	optionsMax    = 8
	timeForm      = "2006-01-02T15:04:05Z"
)

var (
	numberForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)
	digestForm   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	slotForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9/-]{0,62}$`)
	slugForm     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	optionForm   = regexp.MustCompile(`^[A-Z]$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}$`)
	mediaForm    = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$`)
)

func parseNumber(word string) (int64, error) {
	value, err := strconv.ParseInt(word, 10, 64)
	if err != nil || !numberForm.MatchString(word) || value > numberMax {
		return 0, wrong("“%s” is not a number", word)
	}
	return value, nil
}

// reader keeps the first thing that is wrong, so that a text is read as a plain list of its lines.
type reader struct {
	lines []string
	at    int
	err   error
}

func read(text, kind string) *reader {
	r := &reader{}
	if len(text) > textBytesMax || !utf8.ValidString(text) || !strings.HasSuffix(text, "\n") {
		r.err = wrong("a text is too long, not UTF-8 or without its last newline")
		return r
	}
	r.lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for number, line := range r.lines {
		last, _ := utf8.DecodeLastRuneInString(line)
		if line == "" || unicode.IsSpace(last) || strings.IndexFunc(line, unicode.IsControl) >= 0 {
			r.err = wrong("line %d is empty, ends with white space or holds a control character", number+1)
			return r
		}
	}
	if r.lines[0] != kind {
		r.err = wrong("the text is not of type %s", kind)
	}
	r.at = 1
	return r
}

func (r *reader) fail(format string, values ...any) {
	if r.err == nil {
		r.err = wrong("line %d: "+format, append([]any{r.at}, values...)...)
	}
}

func (r *reader) check(holds bool, format string, values ...any) {
	if !holds {
		r.fail(format, values...)
	}
}

func (r *reader) next(keyword string) bool {
	return r.err == nil && r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], keyword+" ")
}

func (r *reader) value(keyword string) string {
	if r.err != nil {
		return ""
	}
	if r.at >= len(r.lines) || !strings.HasPrefix(r.lines[r.at], keyword+" ") {
		r.at++
		r.fail("“%s” is missing", keyword)
		return ""
	}
	value := r.lines[r.at][len(keyword)+1:]
	r.at++
	r.check(value != "" && value[0] != ' ', "“%s” has no value", keyword)
	return value
}

// words answers at least `least` words, empty ones once something was wrong.
func (r *reader) words(keyword string, least, most int) []string {
	words := strings.Split(r.value(keyword), " ")
	r.check(len(words) >= least && len(words) <= most, "“%s” has %d values", keyword, len(words))
	for _, word := range words {
		r.check(word != "", "“%s” has a space too many", keyword)
	}
	if r.err != nil {
		return make([]string, least)
	}
	return words
}

func (r *reader) number(word string, least, most int64) int64 {
	value, err := parseNumber(word)
	r.check(err == nil && value >= least && value <= most, "“%s” is not a number from %d to %d", word, least, most)
	return value
}

func (r *reader) matching(word string, form *regexp.Regexp) string {
	r.check(form.MatchString(word), "“%s” has not the form asked for", word)
	return word
}

func (r *reader) name(word string) string {
	r.check(isKeyName(word), "“%s” is not a name", word)
	return word
}

func (r *reader) namedDigest(word string) string {
	r.check(strings.HasPrefix(word, "sha256:"), "“%s” is not a digest", word)
	return r.matching(strings.TrimPrefix(word, "sha256:"), digestForm)
}

func (r *reader) time(word string) int64 {
	instant, err := time.Parse(timeForm, word)
	// The library also reads fractions of a second; only the one writing is accepted.
	r.check(err == nil && instant.Format(timeForm) == word && instant.Unix() >= 0, "“%s” is not a time", word)
	return instant.Unix()
}

func (r *reader) finish() error {
	if r.err == nil && r.at < len(r.lines) {
		r.at++
		r.fail("one line too many")
	}
	return r.err
}

// vote is what slot roll, OPEN, CLOSE and OUTCOME begin with; digest is that of the roll in a slot roll, of the slot roll elsewhere.
type vote struct {
	council string
	epoch   int64
	digest  string
	slot    string
	round   int64
}

func (r *reader) vote() vote {
	v := vote{council: r.name(r.value("council"))}
	epoch := r.words("epoch", 2, 2)
	v.epoch, v.digest = r.number(epoch[0], 1, numberMax), r.matching(epoch[1], digestForm)
	slot := r.words("slot", 3, 3)
	r.check(slot[1] == "round", "“round” is missing")
	v.slot, v.round = r.matching(slot[0], slotForm), r.number(slot[2], 1, roundsMax)
	return v
}

type cut struct {
	size int64
	root string
}

func (r *reader) cut(keyword string) cut {
	words := r.words(keyword, 2, 2)
	root, ok := fromBase64(words[1])
	r.check(ok && len(root) == 32, "“%s” is not a root", words[1])
	return cut{r.number(words[0], 0, numberMax), words[1]}
}

type sitter struct{ constituency, key string }

type slotRoll struct {
	vote
	// seats[0] is seat 01; nil is vacant.
	seats []*sitter
}

func parseSlotRoll(text string) (slotRoll, error) {
	r := read(text, "mizan-council/slot-roll/v1")
	roll := slotRoll{vote: r.vote()}
	seen := map[string]bool{}
	for first := true; first || (r.next("seat") && len(roll.seats) < seatsMax); first = false {
		words := r.words("seat", 2, 3)
		r.check(words[0] == seatNumber(len(roll.seats)+1), "seat %s is out of order", words[0])
		if len(words) == 2 {
			r.check(words[1] == "vacant", "seat %s has no key", words[0])
			roll.seats = append(roll.seats, nil)
			continue
		}
		r.check(!seen[words[2]], "a key sits twice")
		seen[words[2]] = true
		roll.seats = append(roll.seats, &sitter{r.matching(words[1], slugForm), words[2]})
	}
	return roll, r.finish()
}

func seatNumber(seat int) string { return string([]byte{byte('0' + seat/10), byte('0' + seat%10)}) }

type motion struct {
	number, option, class, authentic string
	texts                            map[string]string
	// annexes are digests, in order.
	annexes []string
}

func parseMotion(text string) (motion, string, error) {
	r := read(text, "mizan-council/motion/v1")
	council := r.name(r.value("council"))
	m := motion{texts: map[string]string{}}
	m.number = r.matching(r.value("number"), slotForm)
	m.option = r.matching(r.value("option"), optionForm)
	m.class = r.matching(r.value("class"), slugForm)
	m.authentic = r.value("authentic")
	before := ""
	for first := true; first || (r.next("text") && len(m.texts) < 8); first = false {
		words := r.words("text", 2, 2)
		r.check(words[0] > before, "languages are not in order")
		before = r.matching(words[0], languageForm)
		m.texts[words[0]] = r.namedDigest(words[1])
	}
	r.check(m.texts[m.authentic] != "", "the authentic language has no text")
	for annex := 1; r.next("annex") && annex <= 200; annex++ {
		words := r.words("annex", 4, 4)
		r.check(words[0] == strconv.Itoa(annex), "annex %s is out of order", words[0])
		m.annexes = append(m.annexes, r.namedDigest(words[1]))
		r.number(words[2], 0, numberMax)
		r.matching(words[3], mediaForm)
	}
	for basis := 0; basis == 0 || (r.next("basis") && basis < 32); basis++ {
		r.value("basis")
	}
	parties := map[string]bool{}
	words := r.words("parties", 1, 64)
	for _, party := range words {
		r.check(!parties[party] && (party != "none" || len(words) == 1), "a party is named twice")
		parties[r.name(party)] = true
	}
	if r.next("salt") {
		r.matching(r.value("salt"), digestForm)
	}
	return m, council, r.finish()
}

type option struct{ letter, motion string }

type opening struct {
	vote
	class   string
	options []option
	opened  cut
	closes  int64
	written string // the time as it stands, for the ballot
}

func parseOpening(text string) (opening, error) {
	r := read(text, "mizan-council/open/v1")
	o := opening{vote: r.vote()}
	o.class = r.matching(r.value("class"), slugForm)
	ballots := r.value("ballots")
	r.check(ballots == "open" || ballots == "sealed", "ballots are open or sealed")
	before, motions := "", map[string]bool{}
	for first := true; first || (r.next("option") && len(o.options) < optionsMax); first = false {
		words := r.words("option", 2, 2)
		r.check(words[0] > before, "options are not in order")
		before = r.matching(words[0], optionForm)
		o.options = append(o.options, option{words[0], r.namedDigest(words[1])})
		r.check(!motions[words[1]], "two options have one motion")
		motions[words[1]] = true
	}
	o.opened = r.cut("opened")
	commits := int64(-1)
	if ballots == "sealed" {
		commits = r.time(r.value("commits-close"))
	}
	o.written = r.value("closes")
	o.closes = r.time(o.written)
	r.check(commits < o.closes, "commitments end after the ballots")
	return o, r.finish()
}

// yesBallot is the one text that a yes to this motion can have.
func (o opening) yesBallot(motion string) string {
	return "mizan-council/ballot/v1\ncouncil " + o.council + "\nepoch " + strconv.FormatInt(o.epoch, 10) + " " + o.digest +
		"\nslot " + o.slot + " round " + strconv.FormatInt(o.round, 10) + "\nmotion sha256:" + motion +
		"\nopened " + strconv.FormatInt(o.opened.size, 10) + " " + o.opened.root + "\ncloses " + o.written + "\nchoice yes\n"
}

type closing struct {
	vote
	cut    cut
	anchor int64
	time   int64
}

func parseClosing(text string) (closing, error) {
	r := read(text, "mizan-council/close/v1")
	c := closing{vote: r.vote(), cut: r.cut("cut")}
	c.anchor = r.number(r.value("anchor"), 0, numberMax)
	c.time = r.time(r.value("time"))
	return c, r.finish()
}

type outcome struct {
	vote
	cut                                                  cut
	carried                                              string
	letters                                              []string
	yes                                                  map[string]int64
	no, abstain, silent, equivocated, constituencies, in int64
}

func parseOutcome(text string) (outcome, error) {
	r := read(text, "mizan-council/outcome/v1")
	o := outcome{vote: r.vote(), cut: r.cut("cut"), yes: map[string]int64{}}
	if result := r.words("result", 1, 2); len(result) == 2 {
		r.check(result[0] == "carried", "the result is neither carried nor not-carried")
		o.carried = result[1]
	} else {
		r.check(result[0] == "not-carried", "the result is neither carried nor not-carried")
	}
	before := ""
	for first := true; first || (r.next("yes") && len(o.letters) < optionsMax); first = false {
		words := r.words("yes", 2, 2)
		r.check(words[0] > before, "options are not in order")
		before = r.matching(words[0], optionForm)
		o.letters = append(o.letters, words[0])
		o.yes[words[0]] = r.number(words[1], 0, seatsMax)
	}
	if _, voted := o.yes[o.carried]; o.carried != "" {
		r.check(voted, "what is carried is no option")
	}
	for _, count := range []struct {
		keyword string
		into    *int64
	}{{"no", &o.no}, {"abstain", &o.abstain}, {"silent", &o.silent}, {"equivocated", &o.equivocated}, {"constituencies", &o.constituencies}} {
		*count.into = r.number(r.value(count.keyword), 0, seatsMax)
	}
	in := r.value("in-force")
	r.check((in == "none") == (o.carried == ""), "in force without being carried, or the other way round")
	if in != "none" {
		o.in = r.time(in)
	}
	return o, r.finish()
}
