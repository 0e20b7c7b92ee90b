import type { ElementOf, PathOf, PathTo, PathToMaybe, ValueAt } from "./facts.ts"
import type { Json, RuleOver } from "./rule.ts"

declare const gives: unique symbol

/** A value worked out from `Facts`: what `fact` and `orElse` give, and comparisons take. It is plain JSONLogic. */
export interface Term<Facts, Value> {
  readonly [operator: string]: Json
  readonly [gives]?: (facts: Facts) => Value
}

type Scalar = string | number | boolean

/** Something to compare with: written out, or a term of the same type. */
type Operand<Facts, Value> = Extract<Value, Scalar> | Term<Facts, Extract<Value, Scalar>>

/** A path, or a term, that always has a number or text: an order with what is absent would be one with 0. */
type Ordered<Facts> = PathTo<Facts, number> | PathTo<Facts, string> | Term<Facts, number> | Term<Facts, string>

/** What something compares with, widened from the literals that a fact may have. */
type OrderedWith<Facts, Left> =
  Left extends Term<Facts, infer Value> ? Operand<Facts, Widened<Value>> : Operand<Facts, Widened<ValueAt<Facts, Left>>>

type Widened<Value> = Value extends number ? number : Value extends string ? string : never

type Order<Facts> = <Left extends Ordered<Facts>>(left: Left, right: OrderedWith<Facts, Left>) => RuleOver<Facts>

/** The words of `where<Facts>()`. Paths complete and values are checked while you type. */
export interface Where<Facts> {
  /** All hold. */
  readonly all: (...rules: readonly [RuleOver<Facts>, ...ReadonlyArray<RuleOver<Facts>>]) => RuleOver<Facts>
  /** At least one holds. */
  readonly any: (...rules: readonly [RuleOver<Facts>, ...ReadonlyArray<RuleOver<Facts>>]) => RuleOver<Facts>
  readonly not: (rule: RuleOver<Facts>) => RuleOver<Facts>
  /** The fact is this very value; one that is absent is not. */
  readonly eq: <Path extends PathToMaybe<Facts, Scalar>>(path: Path, value: Operand<Facts, ValueAt<Facts, Path>>) => RuleOver<Facts>
  /** The fact is another value, or absent. */
  readonly ne: <Path extends PathToMaybe<Facts, Scalar>>(path: Path, value: Operand<Facts, ValueAt<Facts, Path>>) => RuleOver<Facts>
  readonly gt: Order<Facts>
  readonly gte: Order<Facts>
  readonly lt: Order<Facts>
  readonly lte: Order<Facts>
  /** From `low` to `high`, both included. */
  readonly between: <Left extends Ordered<Facts>>(
    left: Left,
    low: OrderedWith<Facts, Left>,
    high: OrderedWith<Facts, Left>
  ) => RuleOver<Facts>
  /** The fact is one of these values. */
  readonly oneOf: <Path extends PathToMaybe<Facts, Scalar>>(
    path: Path,
    values: ReadonlyArray<Extract<ValueAt<Facts, Path>, Scalar>>
  ) => RuleOver<Facts>
  /** The list has the value. */
  readonly has: <Path extends PathToMaybe<Facts, ReadonlyArray<Scalar>>>(
    path: Path,
    value: Extract<ElementOf<ValueAt<Facts, Path>>, Scalar>
  ) => RuleOver<Facts>
  /** The text contains the text. */
  readonly includes: (path: PathToMaybe<Facts, string>, part: string) => RuleOver<Facts>
  readonly present: (path: PathOf<Facts>) => RuleOver<Facts>
  readonly absent: (path: PathOf<Facts>) => RuleOver<Facts>
  /** The rule holds of an element of the list. */
  readonly some: ForElements<Facts>
  /** The rule holds of every element of the list, and there is one. */
  readonly every: ForElements<Facts>
  /** The rule holds of no element of the list. */
  readonly none: ForElements<Facts>
  /** A fact, to be compared with. */
  readonly fact: <Path extends PathOf<Facts>>(path: Path) => Term<Facts, ValueAt<Facts, Path>>
  /** A fact that may be absent, or else the value. */
  readonly orElse: <Path extends PathToMaybe<Facts, Scalar>>(
    path: Path,
    value: Extract<ValueAt<Facts, Path>, Scalar>
  ) => Term<Facts, NonNullable<ValueAt<Facts, Path>>>
}

type ForElements<Facts> = <Path extends PathTo<Facts, ReadonlyArray<unknown>>>(
  path: Path,
  rule: (element: Where<ElementOf<ValueAt<Facts, Path>>>) => RuleOver<ElementOf<ValueAt<Facts, Path>>>
) => RuleOver<Facts>
