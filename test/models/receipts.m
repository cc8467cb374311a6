-- Counts who holds one ballot of an honest voter when the vote ends, exhaustively: an operator that leaves the ballot out asks for the
-- cut without it. A seat that got the ballot in time answered a receipt; liars answer receipts for nothing and cosign everything.

const
  SEATS: 33;
  LIARS: 10;
  QUORUM: 22;
  ASKS_FOR_MISSING: true; -- C3
  CLOCK_NEVER_BACK: true; -- no receipt of before the end once the end is stamped

type
  count_t: 0 .. SEATS;
  held_t: enum { NOT_HELD, IN_TIME, LATE };
  signed_t: enum { UNSIGNED, WITHOUT };

var
  honest: array [held_t] of array [signed_t] of count_t;

function holders(): count_t;
begin
  return honest[IN_TIME][UNSIGNED] + honest[IN_TIME][WITHOUT];
end;

function signers(): count_t;
var sum: count_t;
begin
  sum := 0;
  for held: held_t do sum := sum + honest[held][WITHOUT]; end;
  return sum;
end;

startstate begin
  for held: held_t do for signed: signed_t do honest[held][signed] := 0; end; end;
  honest[NOT_HELD][UNSIGNED] := SEATS - LIARS;
end;

ruleset signed: signed_t do
  rule "the ballot comes in time, and is answered with a receipt"
    honest[NOT_HELD][signed] > 0 & (signed = UNSIGNED | !CLOCK_NEVER_BACK)
  ==> begin
    honest[NOT_HELD][signed] := honest[NOT_HELD][signed] - 1;
    honest[IN_TIME][signed] := honest[IN_TIME][signed] + 1;
  end;

  rule "the ballot comes late"
    honest[NOT_HELD][signed] > 0
  ==> begin
    honest[NOT_HELD][signed] := honest[NOT_HELD][signed] - 1;
    honest[LATE][signed] := honest[LATE][signed] + 1;
  end;
end;

ruleset held: held_t do
  rule "a seat stamps the end on a cut without the ballot"
    honest[held][UNSIGNED] > 0 & (held = NOT_HELD | held = LATE | !ASKS_FOR_MISSING)
  ==> begin
    honest[held][UNSIGNED] := honest[held][UNSIGNED] - 1;
    honest[held][WITHOUT] := honest[held][WITHOUT] + 1;
  end;
end;

invariant "a ballot with a quorum of receipts is never left out of a certified cut"
  !(holders() + LIARS >= QUORUM & signers() + LIARS >= QUORUM);
