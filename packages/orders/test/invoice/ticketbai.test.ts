import type { Submission } from "@omni/orders"
import { QR_ADDRESS, tbaiIdentifier, tbaiQr, ticketbai } from "@omni/orders/ticketbai"
import * as fc from "fast-check"
import { assert, expect, it } from "vitest"

import { company, freeLine, office, person, request } from "./office.ts"
import { tbaiOptions } from "./tbai.ts"

it("makes the identifier and the address of the QR code that the specification has as its example", () => {
  const identifier = tbaiIdentifier({ nif: "00000006Y", date: "25-10-2019", signature: "btFpwP8dcLGAFxxxxxxxxxxxxxxx" })
  assert.equal(identifier, "TBAI-00000006Y-251019-btFpwP8dcLGAF-237")
  assert.equal(
    tbaiQr(QR_ADDRESS.bizkaia, { identifier, series: "T", number: "27174", total: "4.70" }),
    "https://batuz.eus/QRTBAI/?id=TBAI-00000006Y-251019-btFpwP8dcLGAF-237&s=T&nf=27174&i=4.70&cr=007"
  )
})

it("notices any character of an identifier that is mistyped", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 13, maxLength: 13 }),
      fc.nat({ max: 12 }),
      fc.string({ minLength: 1, maxLength: 1 }),
      (text, at, char) => {
        const of = (signature: string) => tbaiIdentifier({ nif: "00000006Y", date: "25-10-2019", signature })
        const other = text.slice(0, at) + char + text.slice(at + 1)
        if (other !== text) assert.notEqual(of(other).slice(-3), of(text).slice(-3))
      }
    )
  )
})

const elements = (xml: string, name: string): ReadonlyArray<string> =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, text]) => text!)

it("chains each file to the signature before, in the commit that issues it, and hands it over", async () => {
  const handed: Array<Submission> = []
  const scheme = ticketbai(
    tbaiOptions({
      submit: async (submission) => {
        handed.push(submission)
        return { status: "accepted", reference: "CSV" }
      }
    })
  )
  const { omni } = await office({ schemes: [scheme], entity: { scheme: "ticketbai" } })
  const all = await Promise.all(Array.from({ length: 5 }, () => omni.invoices.issueInvoice(request())))
  const note = await omni.invoices.issueCreditNote({ invoice: all[0]!.id })
  await omni.drain()
  const rows = await Promise.all([...all, note].map(({ id }) => omni.invoices.registration({ document: id })))
  rows.sort((a, b) => a.sequence - b.sequence)
  for (const [i, { record, number, qr, status, fingerprint }] of rows.entries()) {
    const { xml, identifier } = record as { readonly xml: string; readonly identifier: string }
    const before = rows[i - 1]
    assert.deepEqual(elements(xml, "NumFacturaAnterior"), before === undefined ? [] : [before.number])
    assert.deepEqual(elements(xml, "SignatureValueFirmaFacturaAnterior"), before === undefined ? [] : [before.fingerprint])
    assert.deepEqual([fingerprint.length, elements(xml, "NumFactura")[0], status], [100, number, "accepted"])
    assert.match(identifier, new RegExp(`^TBAI-B12345674-150726-${fingerprint.slice(0, 13).replaceAll(/[+/]/g, "\\$&")}-\\d{3}$`))
    assert.include(qr!, `https://batuz.eus/QRTBAI/?id=${encodeURIComponent(identifier)}&nf=${number}&i=${i === 5 ? "-" : ""}24.20&cr=`)
  }
  assert.equal(handed.length, 6)
  await omni.close()
})

it("says of a document what it is: who, what, and how it is taxed; a correction below zero", async () => {
  const scheme = ticketbai(tbaiOptions({ territory: "gipuzkoa", device: "T-1" }))
  const { omni } = await office({ schemes: [scheme], entity: { scheme: "ticketbai" } })
  const xmlOf = async (document: string) => ((await omni.invoices.registration({ document })).record as { readonly xml: string }).xml
  const lines = [
    freeLine({ quantity: "2", price: "10", allowancesAndCharges: [{ charge: false, amount: "2", reason: "Loyalty" }] }),
    freeLine({ name: "Class", quantity: "1", price: "30", tax: { category: "E", exemptionReason: "Teaching" } })
  ]
  const invoice = await omni.invoices.issueInvoice(request({ of: { currency: "EUR", taxIncluded: false, lines } }))
  const first = await xmlOf(invoice.id)
  assert.include(first, "<IDOtro><IDType>02</IDType><ID>DE123456789</ID></IDOtro>")
  assert.include(first, "<HoraExpedicionFactura>12:00:00</HoraExpedicionFactura><FacturaSimplificada>N</FacturaSimplificada>")
  assert.deepEqual(elements(first, "IDDetalleFactura"), [
    "<DescripcionDetalle>Shaver</DescripcionDetalle><Cantidad>2</Cantidad><ImporteUnitario>10</ImporteUnitario><Descuento>2.00</Descuento><ImporteTotal>21.78</ImporteTotal>",
    "<DescripcionDetalle>Class</DescripcionDetalle><Cantidad>1</Cantidad><ImporteUnitario>30</ImporteUnitario><Descuento>0.00</Descuento><ImporteTotal>30.00</ImporteTotal>"
  ])
  assert.deepEqual(elements(first, "Entrega"), [
    "<Sujeta><Exenta><DetalleExenta><CausaExencion>E1</CausaExencion><BaseImponible>30.00</BaseImponible></DetalleExenta></Exenta>" +
      "<NoExenta><DetalleNoExenta><TipoNoExenta>S1</TipoNoExenta><DesgloseIVA><DetalleIVA><BaseImponible>18.00</BaseImponible>" +
      "<TipoImpositivo>21.00</TipoImpositivo><CuotaImpuesto>3.78</CuotaImpuesto></DetalleIVA></DesgloseIVA></DetalleNoExenta></NoExenta></Sujeta>"
  ])
  const note = await omni.invoices.issueCreditNote({ invoice: invoice.id, amount: { amount: 1000, currency: "EUR" }, reason: "Goodwill" })
  const second = await xmlOf(note.id)
  assert.include(second, "<FacturaRectificativa><Codigo>R1</Codigo><Tipo>I</Tipo></FacturaRectificativa>")
  assert.include(second, `<NumFactura>${invoice.number}</NumFactura>`)
  assert.include(second, "<ImporteTotalFactura>-10.00</ImporteTotalFactura>")

  const spanish = { ...company, vatId: "ESB87654321" }
  const retail = [freeLine({ quantity: "1", price: "100", tax: { category: "S", percent: "21", surcharge: "5.2" } })]
  const surcharged = await xmlOf(
    (await omni.invoices.issueInvoice(request({ buyer: spanish, of: { currency: "EUR", taxIncluded: false, lines: retail } }))).id
  )
  assert.include(
    surcharged,
    "<CuotaImpuesto>21.00</CuotaImpuesto><TipoRecargoEquivalencia>5.20</TipoRecargoEquivalencia><CuotaRecargoEquivalencia>5.20<"
  )
  assert.include(surcharged, "<DesgloseFactura>")
  const { company: _, ...toPerson } = request()
  const simple = await xmlOf((await omni.invoices.issueInvoice({ ...toPerson, buyer: person })).id)
  assert.include(simple, "<FacturaSimplificada>S</FacturaSimplificada>")
  assert.notInclude(simple, person.name)
  await omni.close()
})

it("refuses what it has no form for, and issues nothing then", async () => {
  const { omni } = await office({ schemes: [ticketbai(tbaiOptions())], entity: { scheme: "ticketbai" } })
  const of = (more: object) => ({ currency: "EUR" as const, taxIncluded: false, lines: [freeLine()], ...more })
  const fieldOf = async (more: object) => {
    const done = await omni.invoices.safe.issueInvoice(request(more))
    return !done.ok && done.error._tag === "SchemeRefused" ? done.error.field : undefined
  }
  assert.equal(await fieldOf({ of: of({ currency: "USD" }) }), "ImporteTotalFactura")
  assert.equal(await fieldOf({ of: of({ lines: [freeLine({ tax: { category: "L", percent: "7" } })] }) }), "TipoDesglose")
  const own = { ...(await omni.invoices.legalEntity({ id: "omni-es" }))! }
  await omni.invoices.saveLegalEntity({
    ...own,
    series: { ...own.series, invoices: { format: "FACTURA-DE-VENTA-{number:6}", restart: "never" } }
  })
  await expect(omni.invoices.issueInvoice(request())).rejects.toMatchObject({ _tag: "SchemeRefused", field: "NumFactura" })
  assert.deepEqual((await omni.invoices.documents({ by: { legalEntity: "omni-es" } })).items, [])
  await omni.close()
})
