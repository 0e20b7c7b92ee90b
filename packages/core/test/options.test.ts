import { checkOptions, createOmni, InvalidOptions, type KnownOptions } from "@omni/core"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import * as z from "zod"

interface Options {
  readonly retention?: number
  readonly steps?: ReadonlyArray<{ readonly wait: number }>
  readonly send?: () => void
}

const known: KnownOptions<Options> = {
  retention: z.number().positive(),
  steps: z.array(z.object({ wait: z.int() })),
  send: true
}

const issuesOf = (options: object, needed: ReadonlyArray<keyof Options> = []): ReadonlyArray<string> => {
  try {
    checkOptions<Options>("diary()", options, known, needed)
    return []
  } catch (error) {
    if (!(error instanceof InvalidOptions)) throw error
    return error.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe("options", () => {
  it("that are none are refused, and the one that was meant is named", () => {
    expect(issuesOf({ retnetion: 1 })).toEqual(['retnetion: There is no such option. Did you mean "retention"?'])
    expect(issuesOf({ colour: "red", send: () => {} })).toEqual(["colour: There is no such option. There are: retention, steps, send."])
    expect(issuesOf({ toString: 1 })).toHaveLength(1)
  })

  it("that do not fit are refused at once, with the place, and all that is wrong is told together", () => {
    const wrong = { retention: -1, steps: [{ wait: 1 }, { wiat: 1 }], sent: true }
    expect(issuesOf(wrong)).toEqual([
      "retention: Too small: expected number to be >0",
      'steps.1.wiat: There is no such field. Did you mean "wait"?',
      "steps.1.wait: Invalid input: expected number, received undefined",
      'sent: There is no such option. Did you mean "send"?'
    ])
    expect(() => checkOptions<Options>("diary()", wrong as never, known)).toThrow("The options of diary() do not fit: retention: ")
  })

  it("that are needed are missed", () => {
    expect(issuesOf({ sendd: 1 }, ["send"])).toEqual(["send: It is needed.", 'sendd: There is no such option. Did you mean "send"?'])
  })

  it("that are no object of options are refused", () => {
    for (const none of [null, "shop.db", 5, []]) expect(issuesOf(none as never)).toEqual([": Write an object of options."])
  })

  it("that fit, or are undefined, are taken", () => {
    expect(issuesOf({ retention: 5, steps: [{ wait: 0 }], send: "anything" })).toEqual([])
    expect(issuesOf({ retention: undefined, colour: undefined })).toEqual([])
  })
})

it("an app is refused that was told what there is not", async () => {
  const wrong = { store: memory(), modules: {}, verfy: true }
  expect(() => createOmni(wrong)).toThrow('verfy: There is no such option. Did you mean "verify"?')
  const exit = await Effect.runPromiseExit(Effect.provide(OmniEngine, OmniEngine.layer({ store: memory(), batch: 0 })))
  expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBeInstanceOf(InvalidOptions)
})
