-- whole
-- 复核结果 verdict: the last word of a person on a finding, with the finding as it stood then; from the book.
-- Kept among the facts so that a build sees which buyers a new decision touches. Source: the inspection contract, §3.
select conversation_key, criterion, result, message_key, begins, ends, outcome, right_result from decided
