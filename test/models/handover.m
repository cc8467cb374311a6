-- Counts who has cosigned what while the council changes from epoch N to N + 1, exhaustively for every number of seats that change
-- and every placement of the liars among those that leave, stay and come. Log B holds the roll of N + 1, log A goes on without it.
-- As many seats lie as may: a liar can also behave, so fewer liars are among these councils.

const
  SEATS: 33;
  LIARS: 10;
  QUORUM: 22;
  CHANGES: 10; -- seats that change at most
  HANDOVER: true; -- the first checkpoint over the roll entry is certified by both councils
  KEYS_DESTROYED: true; -- who leaves destroys the cosigning key then

type
  count_t: 0 .. SEATS;

var
  changed: count_t;
  liarsStaying: count_t;
  liarsLeaving: count_t;
  liarsComing: count_t;
  -- Honest seats that cosigned A or B.
  stayingA: count_t;
  stayingB: count_t;
  leavingA: count_t;
  leavingB: count_t;
  comingB: count_t;
  -- Honest seats that have left, cosigned B, and whose old key somebody used for A.
  stolenA: count_t;
  isCertifiedA: boolean;
  isHandedOver: boolean;

procedure certify();
var inA: count_t; inB: count_t; nextB: count_t;
begin
  inA := stayingA + leavingA + stolenA + liarsStaying + liarsLeaving;
  inB := stayingB + leavingB + liarsStaying + liarsLeaving;
  nextB := stayingB + comingB + liarsStaying + liarsComing;
  if inA >= QUORUM then isCertifiedA := true; end;
  if (inB >= QUORUM | !HANDOVER) & nextB >= QUORUM then isHandedOver := true; end;
end;

ruleset change: 0 .. CHANGES; leaving: 0 .. LIARS do
  startstate "so many seats change, so many liars are among those that leave" begin
    changed := change;
    liarsLeaving := leaving <= change ? leaving : change;
    liarsStaying := LIARS - liarsLeaving;
    -- Of those that come, as many lie as the new council bears.
    liarsComing := liarsLeaving;
    stayingA := 0;
    stayingB := 0;
    leavingA := 0;
    leavingB := 0;
    comingB := 0;
    stolenA := 0;
    isCertifiedA := false;
    isHandedOver := false;
  end;
end;

rule "an honest seat that stays cosigns A"
  stayingA + stayingB < SEATS - changed - liarsStaying
==> begin stayingA := stayingA + 1; certify(); end;

rule "an honest seat that stays cosigns B"
  stayingA + stayingB < SEATS - changed - liarsStaying
==> begin stayingB := stayingB + 1; certify(); end;

rule "an honest seat that leaves cosigns A"
  leavingA + leavingB < changed - liarsLeaving
==> begin leavingA := leavingA + 1; certify(); end;

rule "an honest seat that leaves cosigns B"
  !isHandedOver & leavingA + leavingB < changed - liarsLeaving
==> begin leavingB := leavingB + 1; certify(); end;

rule "an honest seat that comes cosigns B"
  comingB < changed - liarsComing
==> begin comingB := comingB + 1; certify(); end;

rule "the key of a seat that has left signs a false past"
  isHandedOver & !KEYS_DESTROYED & stolenA < leavingB
==> begin stolenA := stolenA + 1; certify(); end;

invariant "the old council never certifies a log that disagrees with the one handed over" !(isCertifiedA & isHandedOver);
