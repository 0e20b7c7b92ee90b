import { fail, Id, Instant, operation, toIso, type Tx } from "@omni/core"
import * as z from "zod"

import { InvitationNotSent, SurveyBudgetExceeded, SurveyNotFound } from "./errors.ts"
import { Contacts, Invitations, NpsInvitationSkipped, NpsInvited } from "./model.ts"
import { dueAfter, expiryOf, type InvitationFacts, type Settings } from "./survey.ts"

/** Whom to ask, by which survey, about what (an order's id), and which location answers for it. */
export const Invite = z.object({ survey: Id, customer: Id, about: Id.exactOptional(), location: Id.exactOptional() })
export type Invite = z.infer<typeof Invite>

/** `Invite`, at a later time: after the survey's delay, unless `at` is said. */
export const InviteLater = Invite.extend({ at: Instant.exactOptional() })

/** The operations that invite, made for the options of one app. */
export const invitingWith = <M, D>(settings: Settings<M, D>) => {
  /**
   * Asks a customer, and gives the invitation's id, its token and when it expires. The budget holds however many calls race for it.
   * Refuses with `SurveyNotFound`, `SurveyBudgetExceeded`, or with `InvitationNotSent` when the sender does not take the message.
   */
  const invite = operation("nps.invite", Invite, function* (tx, input) {
    const survey = settings.surveys.get(input.survey)
    if (survey === undefined) return yield* fail(surveyNotFound(input.survey))
    const ids = settings.identities(tx, input.customer)
    const customer = ids[0] ?? input.customer
    const until = restsUntil(tx, ids, settings)
    if (until > tx.now) return yield* fail(budgetExceeded(customer, until))
    const id = tx.newId("inv")
    const token = settings.token(tx, id)
    const asked = { ...input, customer }
    const expiresAt = expiryOf(survey, tx.now)
    yield* sendWith(tx, settings, survey.invitation({ ...asked, token, expiresAt }), asked)
    tx.put(Invitations, token, { id, ...asked, at: tx.now, expiresAt, answered: false })
    tx.put(Contacts, customer, { ...tx.get(Contacts, customer), invitedAt: tx.now })
    tx.emit(NpsInvited, customer, { invitation: id, ...asked, expiresAt })
    return { invitation: id, token, expiresAt }
  })

  /** Runs when an invitation is due; one that may not go out any more is skipped, and says why. */
  const inviteWhenDue = operation("nps.inviteWhenDue", Invite, function* (tx, input) {
    const invited = tx.attempt(invite(tx, input))
    if (!invited.ok) tx.emit(NpsInvitationSkipped, input.customer, { ...input, reason: invited.error._tag, message: invited.error.message })
  })

  /**
   * Asks a customer later: after the survey's delay, or at `at`. The same survey of the same customer about the same thing is asked
   * once, at the time said last. Refuses with `SurveyNotFound`.
   */
  const inviteLater = operation("nps.inviteLater", InviteLater, function* (tx, { at, ...input }) {
    const survey = settings.surveys.get(input.survey)
    if (survey === undefined) return yield* fail(surveyNotFound(input.survey))
    const due = at ?? dueAfter(survey, tx.now)
    tx.schedule(due, inviteWhenDue, input, { key: `nps.invite ${JSON.stringify([input.survey, input.customer, input.about ?? ""])}` })
    return { at: due }
  })

  return { invite, inviteLater, inviteWhenDue }
}

const surveyNotFound = (survey: string): SurveyNotFound =>
  new SurveyNotFound({ survey, message: `There is no survey "${survey}". Give it to nps({ surveys: […] }).` })

const budgetExceeded = (customer: string, until: number): SurveyBudgetExceeded =>
  new SurveyBudgetExceeded({
    customer,
    until,
    message: `This customer was asked or has answered too lately. Ask again ${Instant.safeParse(until).success ? `after ${toIso(until)}` : "never"}.`
  })

/** Until when a customer, under whatever id, is left alone. */
const restsUntil = <M, D>(tx: Tx, ids: ReadonlyArray<string>, { budget }: Settings<M, D>): number =>
  Math.max(
    -Infinity,
    ...tx
      .getMany(Contacts, ids)
      .map((contact) => Math.max((contact?.invitedAt ?? -Infinity) + budget.invitation, (contact?.answeredAt ?? -Infinity) + budget.answer))
  )

function* sendWith<M, D>(
  tx: Tx,
  { send, sent }: Settings<M, D>,
  message: M,
  { customer }: Pick<InvitationFacts, "customer">
): Generator<InvitationNotSent, void, unknown> {
  if (send === undefined) return
  const told = tx.attempt(send(tx, message))
  if (told.ok && sent(told.value)) return
  const decision = told.ok ? told.value : told.error
  return yield* fail(
    new InvitationNotSent({
      customer,
      decision,
      message: "The sender did not take the invitation; its `decision` says why. Nothing was written."
    })
  )
}
