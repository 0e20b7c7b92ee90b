/** What a dotted path ends at. */
type Leaf = string | number | boolean | bigint | symbol | Date | ReadonlyArray<unknown>

/** Levels left to go: facts that contain themselves have no end. */
type Fewer = readonly [never, 0, 1, 2, 3, 4]

/** Every dotted path into `Facts`, six levels deep; lists are ends. */
export type PathOf<Facts, Level extends number = 5> = [Level] extends [never]
  ? never
  : Facts extends Leaf
    ? never
    : { [Key in keyof Facts & string]-?: Key | `${Key}.${PathOf<NonNullable<Facts[Key]>, Fewer[Level]>}` }[keyof Facts & string]

/** What is at a path: with `undefined` when something on the way may be absent or null. */
export type ValueAt<Facts, Path> = Path extends keyof Facts
  ? Facts[Path]
  : Path extends `${infer Key}.${infer Rest}`
    ? Key extends keyof Facts
      ? ValueAt<NonNullable<Facts[Key]>, Rest> | Absent<Facts[Key]>
      : never
    : never

type Absent<Value> = Value extends null | undefined ? undefined : never

/** The paths at which there is always a `Value`. */
export type PathTo<Facts, Value> = {
  [Path in PathOf<Facts>]: ValueAt<Facts, Path> extends Value ? Path : never
}[PathOf<Facts>]

/** The paths at which there is a `Value`, or nothing. */
export type PathToMaybe<Facts, Value> = PathTo<Facts, Value | null | undefined>

/** The type of the elements of a list. */
export type ElementOf<List> = NonNullable<List> extends ReadonlyArray<infer Element> ? Element : never
