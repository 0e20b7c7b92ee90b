import { createHash } from "node:crypto"

import { type FiscalScheme, type Registration, type SchemeAnswer, type Submission, verifactu, verifactuFingerprint } from "@omni/orders"
import * as fc from "fast-check"
import { assert, expect, it } from "vitest"

import { company, office, person, request } from "./office.ts"

/** A scheme that is answered as told, and notes what it was handed. */
const recorded = (answers: (submission: Submission, attempt: number) => SchemeAnswer | Error) => {
  const handed: Array<{ readonly number: string; readonly key: string; readonly attempt: number }> = []
  const scheme: FiscalScheme = {
    specVersion: 1,
    name: "recorded",
    capabilities: { idempotent: true },
    register: ({ number, buyer }, previous): Registration => ({
      fingerprint: `${previous?.fingerprint ?? ""}>${number}`,
      record: { number, buyer: buyer!.name },
      qr: `qr:${number}`
    }),
    submit: async (submission, { key, attempt }) => {
      handed.push({ number: submission.number, key, attempt })
      const answer = answers(submission, attempt)
      if (answer instanceof Error) throw answer
      return answer
    }
  }
  return { scheme, handed }
}

it("chains documents of all series of a legal entity in the order of their commits, and hands each over", async () => {
  const { scheme, handed } = recorded(() => ({ status: "accepted", reference: "CSV1" }))
  const { omni } = await office({ schemes: [scheme], entity: { scheme: "recorded" } })
  const all = await Promise.all(Array.from({ length: 20 }, () => omni.invoices.issueInvoice(request())))
  const note = await omni.invoices.issueCreditNote({ invoice: all[0]!.id })
  await omni.drain()
  const rows = await Promise.all([...all, note].map(({ id }) => omni.invoices.registration({ document: id })))
  rows.sort((a, b) => a.sequence - b.sequence)
  assert.deepEqual(
    rows.map(({ sequence }) => sequence),
    Array.from({ length: 21 }, (_, i) => i + 1)
  )
  for (const [i, row] of rows.entries()) {
    assert.equal(row.previous, rows[i - 1]?.fingerprint)
    assert.equal(row.fingerprint, `${rows[i - 1]?.fingerprint ?? ""}>${row.number}`)
    assert.deepEqual([row.status, row.answers[0]?.reference, row.qr], ["accepted", "CSV1", `qr:${row.number}`])
  }
  assert.equal(new Set(handed.map(({ key }) => key)).size, 21)
  const { events } = await omni.events({ limit: 1000 })
  const count = (type: string) => events.filter((event) => event.type === `orders.${type}`).length
  assert.deepEqual(["InvoiceIssued", "CreditNoteIssued", "InvoiceRegistered", "RegistrationAnswered"].map(count), [20, 1, 21, 21])
  await omni.close()
})

it("tries again what is to be tried again, records what is rejected, and hands it over again when told", async () => {
  let mood: "retry" | "reject" | "accept" = "retry"
  const { scheme, handed } = recorded((_submission, attempt) =>
    mood === "reject"
      ? { status: "rejected", code: "4102", message: "The NIF is not in the census" }
      : mood === "accept" || attempt > 2
        ? { status: "accepted" }
        : attempt === 1
          ? { status: "retry", message: "Come back later" }
          : new Error("the line broke")
  )
  const { omni, clock } = await office({ schemes: [scheme], entity: { scheme: "recorded" } })
  const first = await omni.invoices.issueInvoice(request())
  for (const at of ["2026-07-15T10:00:00Z", "2026-07-15T12:00:00Z", "2026-07-15T16:00:00Z", "2026-07-15T23:00:00Z"]) {
    clock.set(at)
    await omni.drain()
  }
  assert.deepEqual([handed.length, new Set(handed.map(({ key }) => key)).size], [3, 1])
  assert.deepEqual(
    (await omni.invoices.registration({ document: first.id })).answers.map(({ status, attempt }) => [status, attempt]),
    [["accepted", 3]]
  )
  mood = "reject"
  const { id } = await omni.invoices.issueInvoice(request())
  await omni.drain()
  assert.deepEqual(
    (await omni.invoices.registrations({ scheme: "recorded", status: "rejected" })).items.map((item) => item.id),
    [id]
  )
  mood = "accept"
  await omni.invoices.resubmit({ document: id })
  await omni.drain()
  const { status, answers } = await omni.invoices.registration({ document: id })
  assert.deepEqual(
    [status, answers.map((answer) => [answer.status, answer.code])],
    [
      "accepted",
      [
        ["rejected", "4102"],
        ["accepted", undefined]
      ]
    ]
  )
  await expect(omni.invoices.resubmit({ document: id })).rejects.toMatchObject({ _tag: "NotResubmittable" })
  await omni.close()
})

it("issues nothing for a legal entity whose scheme the app has not given", async () => {
  const { omni } = await office({ entity: { scheme: "ticketbai" } })
  await expect(omni.invoices.issueInvoice(request())).rejects.toMatchObject({ _tag: "SchemeNotFound" })
  assert.deepEqual((await omni.invoices.documents({ by: { legalEntity: "omni-es" } })).items, [])
  await omni.close()
})

it("keeps a person's name out of the log, of receipts and of what waits to be handed over", async () => {
  const { scheme } = recorded(() => ({ status: "accepted" }))
  const { omni } = await office({ schemes: [scheme], entity: { scheme: "recorded" } })
  const { company: _, ...toPerson } = request()
  const { id, subject } = await omni.invoices.issueInvoice({ ...toPerson, buyer: person, customer: "ann" }, { key: "one" })
  await omni.drain()
  assert.notInclude(JSON.stringify((await omni.events({ limit: 1000 })).events), person.name)
  await omni.erase(subject!)
  assert.isUndefined((await omni.invoices.registration({ document: id })).record)
  await omni.close()
})

const example = {
  IDEmisorFactura: "89890001K",
  NumSerieFactura: "12345678/G33",
  FechaExpedicionFactura: "01-01-2024",
  TipoFactura: "F1",
  CuotaTotal: "12.35",
  ImporteTotal: "123.45",
  Huella: "",
  FechaHoraHusoGenRegistro: "2024-01-01T19:20:30+01:00"
}

it("makes the fingerprints that the tax office publishes as examples of VERI*FACTU", () => {
  const first = verifactuFingerprint(example)
  assert.equal(first, "3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60")
  const second = { ...example, NumSerieFactura: "12345679/G34", Huella: first, FechaHoraHusoGenRegistro: "2024-01-01T19:20:35+01:00" }
  assert.equal(verifactuFingerprint(second), "F7B94CFD8924EDFF273501B01EE5153E4CE8F259766F88CF6ACB8935802A2B97")
})

it("hashes as everybody else does", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const record = { ...example, NumSerieFactura: text }
      const input = Object.entries(record)
        .map(([field, value]) => `${field}=${value.trim()}`)
        .join("&")
      assert.equal(verifactuFingerprint(record), createHash("sha256").update(input, "utf8").digest("hex").toUpperCase())
    }),
    { numRuns: 500 }
  )
})

it("registers with VERI*FACTU: record, chain and QR code, corrections below zero", async () => {
  const submissions: Array<Submission> = []
  const scheme = verifactu({
    submit: async (submission) => {
      submissions.push(submission)
      return { status: "accepted", reference: "CSV" }
    }
  })
  const { omni } = await office({ schemes: [scheme], entity: { scheme: "verifactu" } })
  const invoice = await omni.invoices.issueInvoice(request({ buyer: company }))
  const note = await omni.invoices.issueCreditNote({ invoice: invoice.id })
  await omni.drain()
  const record = {
    IDEmisorFactura: "B12345674",
    NumSerieFactura: "INV-2026-000001",
    FechaExpedicionFactura: "15-07-2026",
    TipoFactura: "F1",
    CuotaTotal: "4.20",
    ImporteTotal: "24.20",
    Huella: "",
    FechaHoraHusoGenRegistro: "2026-07-15T12:00:00+02:00"
  }
  const first = await omni.invoices.registration({ document: invoice.id })
  assert.deepEqual([first.record, first.fingerprint], [record, verifactuFingerprint(record)])
  assert.equal(
    first.qr,
    "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie=INV-2026-000001&fecha=15-07-2026&importe=24.20"
  )
  const second = await omni.invoices.registration({ document: note.id })
  assert.deepInclude(second.record as object, { TipoFactura: "R1", CuotaTotal: "-4.20", ImporteTotal: "-24.20", Huella: first.fingerprint })
  assert.deepEqual(submissions.map(({ sequence }) => sequence).sort(), [1, 2])
  await omni.close()
})
