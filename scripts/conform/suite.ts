/** The form of a conformance suite: what `packages/<name>/conform/<suite>.ts` exports as `suite`. */

/** A file of external cases. A file that ends in `.gz` is given unpacked. */
export interface DataFile {
  /** Relative to the path that was asked for, with `/` between folders. */
  readonly name: string
  readonly text: string
  /** The text of a file that lies beside this one, if it is there: expected results, labels. */
  readonly beside: (name: string) => string | undefined
}

/** One external case: what goes in, and what has to come out. */
export interface Case<Input> {
  readonly name: string
  readonly input: Input
  readonly want: unknown
}

/** The words after the path: `--policy round-once --strict` is `{ policy: "round-once", strict: "true" }`. */
export type Options = Readonly<Record<string, string>>

/**
 * A suite of external cases. It takes any file of its form, also one it has never seen.
 * What throws in `cases` or `run` fails that file or that case, with the error shown as what was got.
 */
export interface Suite<Input = unknown> {
  /** The name of the file that exports it. */
  readonly name: string
  /**
   * Whether a file found in a folder is of the form, told by its ending and content: by its ending first, for what
   * throws here is taken and fails. A file asked for by itself is always taken.
   */
  readonly accepts?: (file: DataFile) => boolean
  readonly cases: (file: DataFile, options: Options) => Iterable<Case<Input>>
  /** What our public API makes of the input. */
  readonly run: (input: Input, options: Options) => unknown
  /** Whether what was got is what is wanted; without it, they have to be equal as JSON. */
  readonly agrees?: (want: unknown, got: unknown) => boolean
}

/** Gives a suite its types without naming them. */
export const defineSuite = <Input>(suite: Suite<Input>): Suite<Input> => suite
