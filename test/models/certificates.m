-- Counts who has voted and cosigned what in the council of 33, exhaustively: honest seats are interchangeable, so a state says how
-- many of them stand where; liars keep no rule and are counted to every side. An operator forks the log into A, in which motion X is
-- carried, and B, which says anything else. Constants are one a line: the test plants a bug by changing one.

const
  SEATS: 33;
  LIARS: 10;
  QUORUM: 22;
  HONEST_YES: 12; -- a majority of the 23 honest
  ONE_BALLOT: true; -- B1
  ONE_LOG: true; -- C1
  VALID_ENTRIES: true; -- C2: A holds an OUTCOME that follows from its ballots

  UNDECIDED: 0;
  YES_X: 1;
  YES_Y: 2;
  NEITHER: 0;
  LOG_A: 1;
  LOG_B: 2;

type
  count_t: 0 .. SEATS;
  vote_t: UNDECIDED .. YES_Y;
  log_t: NEITHER .. LOG_B;

var
  honest: array [vote_t] of array [log_t] of count_t;
  -- What was certified once stays certified.
  isCertifiedA: boolean;
  isCertifiedB: boolean;
  isBackedX: boolean;
  isBackedY: boolean;
  -- Honest seats that ever signed a ballot for X.
  everX: count_t;

function votesFor(vote: vote_t): count_t;
var sum: count_t;
begin
  sum := 0;
  for log: log_t do sum := sum + honest[vote][log]; end;
  return sum;
end;

function signersOf(log: log_t): count_t;
var sum: count_t;
begin
  sum := 0;
  for vote: vote_t do sum := sum + honest[vote][log]; end;
  return sum;
end;

procedure certify();
begin
  if signersOf(LOG_A) + LIARS >= QUORUM then isCertifiedA := true; end;
  if signersOf(LOG_B) + LIARS >= QUORUM then isCertifiedB := true; end;
  if votesFor(YES_X) + LIARS >= QUORUM then isBackedX := true; end;
  if votesFor(YES_Y) + LIARS >= QUORUM then isBackedY := true; end;
end;

startstate begin
  for vote: vote_t do for log: log_t do honest[vote][log] := 0; end; end;
  honest[UNDECIDED][NEITHER] := SEATS - LIARS;
  isCertifiedA := false;
  isCertifiedB := false;
  isBackedX := false;
  isBackedY := false;
  everX := 0;
end;

ruleset vote: YES_X .. YES_Y; log: log_t do
  rule "an honest seat votes"
    honest[UNDECIDED][log] > 0
  ==> begin
    honest[UNDECIDED][log] := honest[UNDECIDED][log] - 1;
    honest[vote][log] := honest[vote][log] + 1;
    if vote = YES_X then everX := everX + 1; end;
    certify();
  end;

  rule "an honest seat votes again"
    !ONE_BALLOT & honest[YES_X + YES_Y - vote][log] > 0 & everX < SEATS
  ==> begin
    honest[YES_X + YES_Y - vote][log] := honest[YES_X + YES_Y - vote][log] - 1;
    honest[vote][log] := honest[vote][log] + 1;
    if vote = YES_X then everX := everX + 1; end;
    certify();
  end;
end;

ruleset vote: vote_t; log: LOG_A .. LOG_B do
  rule "an honest seat cosigns"
    honest[vote][NEITHER] > 0 & (log = LOG_B | !VALID_ENTRIES | votesFor(YES_X) + LIARS >= QUORUM)
  ==> begin
    honest[vote][NEITHER] := honest[vote][NEITHER] - 1;
    honest[vote][log] := honest[vote][log] + 1;
    certify();
  end;

  rule "an honest seat cosigns what disagrees"
    !ONE_LOG & honest[vote][LOG_A + LOG_B - log] > 0 & (log = LOG_B | !VALID_ENTRIES | votesFor(YES_X) + LIARS >= QUORUM)
  ==> begin
    honest[vote][LOG_A + LOG_B - log] := honest[vote][LOG_A + LOG_B - log] - 1;
    honest[vote][log] := honest[vote][log] + 1;
    certify();
  end;
end;

invariant "two logs that disagree are never both certified" !(isCertifiedA & isCertifiedB);
invariant "two rivals never both have a quorum" !(isBackedX & isBackedY);
invariant "what is carried has a majority of the honest seats" isCertifiedA -> everX >= HONEST_YES;
invariant "a quorum of ballots has a majority of the honest seats" isBackedX -> everX >= HONEST_YES;
