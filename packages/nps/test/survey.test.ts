import { createOmni, days, fail, hours } from "@omni/core"
import { memory } from "@omni/core/memory"
import {
  AlreadyAnswered,
  defineSurvey,
  EmptySample,
  FollowUpIsClosed,
  FollowUpOverdue,
  InvitationExpired,
  InvitationNotSent,
  nps,
  NpsInvitationSkipped,
  type NpsOptions,
  NpsReplyNotSent,
  SurveyBudgetExceeded,
  InvitationNotFound,
  SurveyNotFound
} from "@omni/nps"
import { assert, it } from "vitest"

interface Message {
  readonly customer: string
  readonly purpose: string
  readonly text: string
}

const pickup = defineSurvey<Message>({
  id: "pickup",
  invitation: ({ customer, token }) => ({ customer, purpose: "service", text: `How was it? https://shop.example/s/${token}` }),
  replies: { detractor: ({ customer, score }) => ({ customer, purpose: "service", text: `A ${score} is not what we want.` }) }
})

const delivery = defineSurvey<Message>({
  id: "delivery",
  invitation: ({ customer, token }) => ({ customer, purpose: "service", text: token }),
  followUp: false
})

const open = (options: Partial<NpsOptions<Message, "sent" | "suppressed">> = {}) => {
  const outbox: Array<Message> = []
  let now = Date.UTC(2026, 0, 1, 12)
  const omni = createOmni({
    store: memory(),
    clock: { now: () => now, sleep: async () => undefined },
    modules: {
      nps: nps<Message, "sent" | "suppressed">({
        surveys: [pickup, delivery],
        send: function* (_tx, message) {
          outbox.push(message)
          return message.customer === "silent" ? "suppressed" : "sent"
        },
        sent: (decision) => decision === "sent",
        smallestGroup: 1,
        ...options
      })
    }
  })
  return { omni, outbox, pass: (ms: number) => (now += ms) }
}

const errorOf = (result: { readonly ok: boolean; readonly error?: unknown }): unknown => (result.ok ? undefined : result.error)

it("asks two days after pickup; a 4 opens a follow-up for the shop, and the customer hears of it", async () => {
  const { omni, outbox, pass } = open()
  const { at } = await omni.nps.inviteLater({ survey: "pickup", customer: "jane", about: "ord-1", location: "lyon" })
  assert.equal(at, Date.UTC(2026, 0, 3, 12))
  await omni.drain()
  assert.equal(outbox.length, 0)
  pass(days(2))
  await omni.drain()
  const token = /s\/(.+)$/.exec(outbox[0]?.text ?? "")?.[1] ?? ""
  pass(hours(1))
  const answer = await omni.nps.answer({ token, score: 4, comment: " Nobody was at the counter. " })
  assert.equal(answer.kind, "detractor")
  assert.equal(outbox.at(-1)?.text, "A 4 is not what we want.")

  const waiting = await omni.nps.followUps({ location: "lyon" })
  assert.deepEqual(
    waiting.items.map(({ id }) => id),
    [answer.followUp]
  )
  assert.deepEqual(waiting, await omni.nps.followUps({}))
  const followUp = answer.followUp ?? ""
  assert.equal((await omni.nps.assign({ followUp, owner: "marc" })).status, "assigned")
  assert.deepEqual((await omni.nps.followUps({ location: "lyon" })).items, [])
  await omni.nps.close({ followUp, resolution: "called back", note: "Wants a call next time." })
  assert.instanceOf(errorOf(await omni.nps.safe.assign({ followUp, owner: "anna" })), FollowUpIsClosed)
  pass(days(3))
  await omni.drain()
  assert.isEmpty((await omni.events({ types: [FollowUpOverdue] })).events)

  assert.equal((await omni.nps.answers({ survey: "pickup", location: "lyon" })).items[0]?.row.comment, "Nobody was at the counter.")
  await omni.erase("jane")
  assert.isUndefined((await omni.nps.answers({ survey: "pickup" })).items[0]?.row.comment)
  const { total, locations } = await omni.nps.score({
    survey: "pickup",
    from: "2026-01-01",
    to: "2026-01-31",
    locations: ["lyon", "paris"]
  })
  assert.deepInclude(total, { suppressed: false, score: -100, detractors: 1, n: 1 })
  assert.deepInclude(locations[0], { location: "lyon", score: -100, n: 1 })
  assert.deepEqual(locations[1], { location: "paris", suppressed: true, n: 0 })
})

it("takes an answer once and in time, by its token alone", async () => {
  const { omni, pass } = open()
  const { token } = await omni.nps.invite({ survey: "delivery", customer: "jane" })
  assert.instanceOf(errorOf(await omni.nps.safe.answer({ token: "guess", score: 9 })), InvitationNotFound)
  for (const score of [-1, 11, 4.5, Number.NaN])
    assert.deepInclude(errorOf(await omni.nps.safe.answer({ token, score })), { _tag: "InvalidInput" })
  assert.deepInclude(await omni.nps.answer({ token, score: 0 }), { kind: "detractor" })
  assert.instanceOf(errorOf(await omni.nps.safe.answer({ token, score: 10 })), AlreadyAnswered)
  assert.isEmpty((await omni.nps.followUps({})).items)
  const late = await omni.nps.invite({ survey: "delivery", customer: "john" })
  pass(days(31))
  assert.instanceOf(errorOf(await omni.nps.safe.answer({ token: late.token, score: 10 })), InvitationExpired)
})

it("leaves a customer alone after an invitation and after an answer, whatever the survey", async () => {
  const { omni, pass } = open({ budget: { invitation: days(10), answer: days(50) } })
  const { token } = await omni.nps.invite({ survey: "delivery", customer: "jane" })
  const refused = errorOf(await omni.nps.safe.invite({ survey: "pickup", customer: "jane" }))
  assert.instanceOf(refused, SurveyBudgetExceeded)
  assert.equal(refused instanceof SurveyBudgetExceeded && refused.until, Date.UTC(2026, 0, 11, 12))
  assert.include(refused instanceof SurveyBudgetExceeded ? refused.message : "", "Ask again after 2026-01-11T12:00:00.000Z.")
  pass(days(5))
  await omni.nps.answer({ token, score: 8 })
  pass(days(49))
  await omni.nps.inviteLater({ survey: "pickup", customer: "jane", at: 0 })
  await omni.drain()
  const skipped = await omni.events({ types: [NpsInvitationSkipped] })
  assert.deepInclude(skipped.events[0]?.data, { customer: "jane", reason: "SurveyBudgetExceeded" })
  pass(days(1))
  await omni.nps.invite({ survey: "pickup", customer: "jane" })
  assert.instanceOf(errorOf(await omni.nps.safe.invite({ survey: "none", customer: "jane" })), SurveyNotFound)
})

it("says so when a customer is never to be asked again", async () => {
  const { omni } = open({ budget: { invitation: Infinity } })
  await omni.nps.invite({ survey: "delivery", customer: "jane" })
  const refused = errorOf(await omni.nps.safe.invite({ survey: "delivery", customer: "jane" }))
  assert.include(refused instanceof SurveyBudgetExceeded ? refused.message : "", "Ask again never.")
})

it("counts a person's budget over all ids, and spends none on what is not sent", async () => {
  const same = ["jane", "jane-on-the-web"]
  const { omni } = open({ identities: (_tx, customer) => (same.includes(customer) ? same : []) })
  await omni.nps.invite({ survey: "delivery", customer: "jane-on-the-web" })
  assert.instanceOf(errorOf(await omni.nps.safe.invite({ survey: "delivery", customer: "jane" })), SurveyBudgetExceeded)
  for (const _ of [1, 2])
    assert.instanceOf(errorOf(await omni.nps.safe.invite({ survey: "delivery", customer: "silent" })), InvitationNotSent)
})

it("says when a follow-up is overdue, and hides the score of a small group", async () => {
  const { omni, pass } = open({ smallestGroup: 2 })
  const { token } = await omni.nps.invite({ survey: "pickup", customer: "jane", location: "lyon" })
  await omni.nps.answer({ token, score: 6 })
  pass(days(2))
  await omni.drain()
  assert.deepInclude((await omni.events({ types: [FollowUpOverdue] })).events[0]?.data, { customer: "jane", location: "lyon" })
  const { total } = await omni.nps.score({ survey: "pickup", from: "2026-01-01", to: "2026-01-31" })
  assert.deepEqual(total, { suppressed: true, n: 1 })
})

it("keeps nothing of what was noted about a customer who was erased, in what a key remembers either", async () => {
  const store = memory()
  const omni = createOmni({ store, modules: { nps: nps({ surveys: [pickup] }) } })
  const { token } = await omni.nps.invite({ survey: "pickup", customer: "jane" })
  const { followUp = "" } = await omni.nps.answer({ token, score: 0, comment: "rude staff" }, { key: "answer" })
  await omni.nps.assign({ followUp, owner: "marc" }, { key: "assign" })
  const closed = { followUp, resolution: "refunded", note: "lives above the shop" }
  await omni.nps.close(closed, { key: "close" })
  assert.equal((await omni.nps.followUps({ status: "closed" })).items[0]?.row.note, closed.note)
  await omni.erase("jane")
  const raw = await store.shared().open("default")
  const find = { index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 1000, after: undefined } as const
  const names = ["omni.receipts", "omni.timers", "nps.follow-ups", "nps.answers", "nps.invitations"]
  const { pages } = await raw.read(
    [],
    names.map((collection) => ({ ...find, collection }))
  )
  assert.lengthOf(pages[0]?.items ?? [], 3)
  assert.notMatch(JSON.stringify(pages), /rude|above the shop/)
})

it("takes the answer whose reply is refused or cannot be made, and tells of it", async () => {
  const reply = defineSurvey<Message>({
    ...pickup,
    replies: {
      detractor: () => {
        throw new TypeError("no such text")
      },
      promoter: ({ customer }) => ({ customer, purpose: "refused", text: "Thank you" })
    }
  })
  const { omni } = open({
    surveys: [reply],
    send: function* (_tx, { purpose }) {
      if (purpose === "refused") return yield* fail(new EmptySample({ message: "refused on purpose" }))
      return "sent"
    }
  })
  for (const [customer, score] of [
    ["jane", 2],
    ["bob", 10],
    ["ann", 7]
  ] as const) {
    const { token } = await omni.nps.invite({ survey: "pickup", customer })
    await omni.nps.answer({ token, score })
  }
  assert.lengthOf((await omni.nps.answers({ survey: "pickup" })).items, 3)
  const { events } = await omni.events({ types: [NpsReplyNotSent] })
  assert.deepEqual(
    events.map(({ data, subject }) => [subject, (data as { readonly reason: string }).reason]),
    [
      ["jane", "TypeError"],
      ["bob", "EmptySample"]
    ]
  )
})
