// The numbers of a council and its roll (docs/spec/council.md, sections 1 and 3).

package main

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

type class struct {
	yes, reach int
	// one: a single seat reaches a constituency; otherwise a third of its seats, rounded up.
	one        bool
	standstill int64
}

type constituency struct {
	name  string
	seats int
}

type constitution struct {
	council                                                            string
	seats, liars, quorum, minority, outside, changes, domain, families int
	constituencies                                                     []constituency
	classes                                                            map[string]class
}

const day = 86_400

// councilOf33 is the council of section 1. Its constituencies are those of the roll, in their order: 9, 8, 8, 8 seats.
func councilOf33(r roll) (constitution, error) {
	c := constitution{
		council: r.council, seats: 33, liars: 10, quorum: 22, minority: 11, outside: 2, changes: 10, domain: 10, families: 3,
		classes: map[string]class{
			"procedural":     {yes: 17},
			"standard":       {yes: 22, reach: 3, standstill: 7 * day},
			"contested":      {yes: 22, reach: 3, standstill: 7 * day},
			"constitutional": {yes: 22, reach: 3, standstill: 14 * day},
			"guarded":        {yes: 22, reach: 4, one: true, standstill: 7 * day},
			"emergency":      {yes: 22},
		},
	}
	for _, m := range r.seats {
		if last := len(c.constituencies) - 1; last >= 0 && c.constituencies[last].name == m.constituency {
			c.constituencies[last].seats++
		} else {
			c.constituencies = append(c.constituencies, constituency{m.constituency, 1})
		}
	}
	sizes := ""
	for _, each := range c.constituencies {
		sizes += strconv.Itoa(each.seats) + " "
	}
	if sizes != "9 8 8 8 " {
		return c, wrong("the constituencies have %sseats, not 9 8 8 8: give the constitution of this council", sizes)
	}
	return c, nil
}

var classForm = regexp.MustCompile(`^([a-z][a-z0-9-]{0,39}) yes ([0-9]+) counts (every|first) ballots (open|sealed) breadth ([0-9]+) (third|one) (live|veto) prepare ([0-9]+) vote ([0-9]+) reveal ([0-9]+) standstill ([0-9]+) lapses ([0-9]+)$`)

// parseConstitution reads the text that the genesis names, and refuses numbers under which ten liars could forge or split a decision.
func parseConstitution(text string) (constitution, error) {
	r := read(text, "mizan-council/constitution/v1")
	c := constitution{council: r.name(r.value("council")), classes: map[string]class{}}
	for _, line := range []struct {
		keyword string
		into    *int
	}{{"seats", &c.seats}, {"liars", &c.liars}, {"quorum", &c.quorum}, {"minority", &c.minority}, {"outside", &c.outside}, {"delta", nil}, {"clock-error", nil}, {"changes", &c.changes}, {"cap-domain", &c.domain}, {"cap-model", &c.families}} {
		if line.into == nil {
			r.number(r.value(line.keyword), 0, day)
		} else {
			*line.into = int(r.number(r.value(line.keyword), 0, seatsMax))
		}
	}
	sum := 0
	for first := true; first || (r.next("constituency") && len(c.constituencies) < 8); first = false {
		words := r.words("constituency", 2, 2)
		c.constituencies = append(c.constituencies, constituency{r.matching(words[0], slugForm), int(r.number(words[1], 1, seatsMax))})
		sum += c.constituencies[len(c.constituencies)-1].seats
	}
	for first := true; first || (r.next("class") && len(c.classes) < 16); first = false {
		words := classForm.FindStringSubmatch(r.value("class"))
		if words == nil {
			r.fail("a class cannot be read")
			break
		}
		c.classes[words[1]] = class{int(r.number(words[2], 1, seatsMax)), int(r.number(words[5], 0, 8)), words[6] == "one", r.number(words[11], 0, numberMax)}
	}
	n, f, q := c.seats, c.liars, c.quorum
	r.check(sum == n && n >= 4 && f >= 1, "the constituencies have %d of %d seats", sum, n)
	r.check(2*q-n > f && q <= n-f && 2*(q-f) > n-f && c.minority == f+1, "%d seats, %d liars and a quorum of %d do not go together", n, f, q)
	r.check(c.outside >= 2 && c.domain <= f && c.families <= c.domain, "the caps or the outside witnesses do not go together with %d liars", f)
	for _, each := range c.constituencies {
		r.check(each.seats <= c.domain && n-each.seats >= q, "%s passes or blocks alone", each.name)
	}
	return c, r.finish()
}

type member struct {
	constituency, identity, ballot, cosign, agent string
	domains                                       map[string]string
}

type alternate struct {
	member
	rank int64
}

type roll struct {
	council          string
	epoch            int64
	previous         string
	log, secretariat string
	needed           int
	outside          []string
	seats            []member
	alternates       []alternate
}

var domainKinds = []string{"employer", "ministry", "vendor", "hosting", "network", "jurisdiction", "build", "model"}

func (r *reader) member(words []string) member {
	r.check(words[0] != "vacant", "no constituency is called vacant")
	r.matching(words[5], digestForm)
	return member{constituency: r.matching(words[0], slugForm), identity: words[1], ballot: words[2], cosign: words[3], agent: words[4]}
}

func parseRoll(text string) (roll, error) {
	r := read(text, "mizan-council/roll/v1")
	it := roll{council: r.name(r.value("council"))}
	it.epoch = r.number(r.value("epoch"), 1, numberMax)
	it.previous = r.matching(r.value("previous"), digestForm)
	it.log, it.secretariat = r.value("log"), r.value("secretariat")
	words := r.words("outside", 2, 13)
	it.needed, it.outside = int(r.number(words[0], 1, int64(len(words)-1))), words[1:]
	for first := true; first || (r.next("seat") && len(it.seats) < seatsMax); first = false {
		seat := r.words("seat", 7, 7)
		number := seatNumber(len(it.seats) + 1)
		r.check(seat[0] == number, "seat %s is out of order", seat[0])
		m := r.member(seat[1:])
		m.domains = r.domains(number)
		it.seats = append(it.seats, m)
	}
	ranks, before := map[string]int64{}, ""
	for r.next("alternate") && len(it.alternates) < alternatesMax {
		words := r.words("alternate", 7, 7)
		rank := r.number(words[1], 1, alternatesMax)
		r.check(rank == ranks[words[0]]+1 && (rank == 1 || before == words[0]), "alternate %d of %s is out of order", rank, words[0])
		ranks[words[0]], before = rank, words[0]
		it.alternates = append(it.alternates, alternate{r.member(append([]string{words[0]}, words[2:]...)), rank})
	}
	return it, r.finish()
}

func (r *reader) domains(number string) map[string]string {
	words := r.words("domains", 2, len(domainKinds)+1)
	r.check(words[0] == number, "the domains of seat %s are missing", number)
	domains, least := map[string]string{}, 0
	for _, pair := range words[1:] {
		parts := strings.Split(pair, "=")
		at := least
		for at < len(domainKinds) && domainKinds[at] != parts[0] {
			at++
		}
		r.check(len(parts) == 2 && at < len(domainKinds) && parts[1] != "", "“%s” is not a domain or out of order", pair)
		if r.err != nil {
			break
		}
		domains[parts[0]] = parts[1]
		least = at + 1
	}
	return domains
}

// council is a roll whose keys may be used, sorted by what they may sign.
type council struct {
	roll
	constitution
	digest, origin       string
	log, secretariat     verifierKey
	ballots, checkpoints map[string]verifierKey
	// byText finds the seat or alternate of a ballot key as it is written.
	byText map[string]verifierKey
}

func (c *council) admit(text string) error {
	it, rules := c.roll, c.constitution
	c.digest = sha256Hex(text)
	if it.council != rules.council || len(it.seats) != rules.seats {
		return wrong("the roll is of %s with %d seats, the constitution of %s with %d", it.council, len(it.seats), rules.council, rules.seats)
	}
	counts := map[string]int{}
	for _, m := range it.seats {
		counts[m.constituency]++
	}
	for _, each := range rules.constituencies {
		if counts[each.name] != each.seats {
			return wrong("%s has %d seats, not %d", each.name, counts[each.name], each.seats)
		}
	}
	if it.needed < rules.outside || len(it.outside) <= it.needed {
		return wrong("%d of %d outside witnesses are too few", it.needed, len(it.outside))
	}
	return c.admitKeys()
}

func (c *council) admitKeys() error {
	it := c.roll
	seen := map[string]bool{}
	once := func(public []byte) error {
		if seen[string(public)] {
			return wrong("one public key stands twice in the roll")
		}
		seen[string(public)] = true
		return nil
	}
	admit := func(text string, kind byte, name string, seat int) (verifierKey, error) {
		key, err := parseKey(text, kind, name)
		if err == nil {
			err = once(key.public)
		}
		key.seat = seat
		return key, err
	}
	var err error
	if c.log, err = admit(it.log, kindNote, "", 0); err != nil {
		return err
	}
	c.origin = c.log.name
	if err := c.domainCaps(); err != nil {
		return err
	}
	if c.secretariat, err = admit(it.secretariat, kindNote, "", 0); err != nil {
		return err
	}
	c.ballots, c.checkpoints, c.byText = map[string]verifierKey{}, map[string]verifierKey{c.log.line(): c.log}, map[string]verifierKey{}
	for _, text := range it.outside {
		key, err := admit(text, kindCosignature, "", 0)
		if err != nil {
			return err
		}
		c.checkpoints[key.line()] = key
	}
	person := func(m member, who string, seat int) error {
		identity, ok := fromBase64(m.identity)
		if !ok || !admits(identity) {
			return wrong("the identity key of %s may not be used", who)
		}
		if err := once(identity); err != nil {
			return err
		}
		ballot, err := admit(m.ballot, kindNote, "ballot."+who+"."+c.origin, seat)
		if err != nil {
			return err
		}
		cosign, err := admit(m.cosign, kindCosignature, who+"."+c.origin, seat)
		if err != nil {
			return err
		}
		if _, err := admit(m.agent, kindNote, "agent."+who+"."+c.origin, seat); err != nil {
			return err
		}
		c.byText[m.ballot] = ballot
		// An alternate votes only where a slot roll seats it, and cosigns nothing.
		if seat > 0 {
			c.ballots[ballot.line()], c.checkpoints[cosign.line()] = ballot, cosign
		}
		return nil
	}
	for i, m := range it.seats {
		if err := person(m, "seat"+seatNumber(i+1), i+1); err != nil {
			return err
		}
	}
	for _, a := range it.alternates {
		if err := person(a.member, "alt-"+a.constituency+"-"+strconv.FormatInt(a.rank, 10), 0); err != nil {
			return err
		}
	}
	return nil
}

var demoName = regexp.MustCompile(`(?:^|[./-])demo(?:[./-]|$)`)

func (c *council) domainCaps() error {
	if demoName.MatchString(c.origin) {
		return nil
	}
	for _, kind := range domainKinds {
		counts := map[string]int{}
		limit := c.constitution.domain
		if kind == "model" {
			limit = c.constitution.families
		}
		for _, m := range c.roll.seats {
			if name, has := m.domains[kind]; has {
				counts[name]++
				if counts[name] > limit && kind != "build" {
					return wrong("%s %s has more than %d seats", kind, name, limit)
				}
			}
		}
	}
	return nil
}

func hexInFours(digest string) string {
	if _, err := hex.DecodeString(digest); err != nil || len(digest) < 20 {
		return digest
	}
	return digest[0:4] + " " + digest[4:8] + " " + digest[8:12] + " " + digest[12:16] + " " + digest[16:20]
}
