import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { defineSurvey, nps } from "@omni/nps"

const text = defineSurvey<{ readonly to: string; readonly text: string }>({
  id: "text",
  invitation: ({ customer, token }) => ({ to: customer, text: token })
})

nps({
  surveys: [text],
  send: function* (_tx, message: { readonly to: string; readonly text: string }) {
    return message.to === "" ? ("skipped" as const) : ("queued" as const)
  },
  // @ts-expect-error a decision that the sender never takes
  sent: (decision) => decision === "sent"
})

nps({
  // @ts-expect-error the sender takes another message than the survey makes
  surveys: [text],
  send: function* (_tx, message: { readonly pushToken: string }) {
    return message.pushToken
  }
})

/** Errors keep their types: a switch over them is complete. */
export const invite = async (): Promise<number | undefined> => {
  const omni = createOmni({ store: memory(), modules: { nps: nps({ surveys: [text] }) } })
  const result = await omni.nps.safe.invite({ survey: "text", customer: "jane" })
  if (result.ok) return result.value.expiresAt
  switch (result.error._tag) {
    case "SurveyBudgetExceeded":
      return result.error.until
    case "SurveyNotFound":
    case "InvitationNotSent":
      return undefined
    default: {
      const kernel:
        | "InvalidInput"
        | "IdempotencyMismatch"
        | "Contended"
        | "OutcomeUnknown"
        | "StoreUnavailable"
        | "InvalidRow"
        | "SubjectErased"
        | "Closed" = result.error._tag
      return kernel.length
    }
  }
}
