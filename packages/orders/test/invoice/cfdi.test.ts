import { createVerify } from "node:crypto"

import type { Submission } from "@omni/orders"
import { cfdiQr, type Comprobante, comprobanteXml, originalString } from "@omni/orders/cfdi"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { buyer, publicKey, setUp, uuid, vat } from "./mexico.ts"
import { freeLine, request } from "./office.ts"

it("seals the values of a document in the order of Anexo 20, and sends that document", async () => {
  const handed: Array<Submission> = []
  const { omni, free, recordOf } = await setUp({
    submit: async (submission) => {
      handed.push(submission)
      return { status: "accepted", reference: uuid, stamp: { uuid } }
    }
  })
  const lines = [
    freeLine({
      sku: "S-1",
      name: "Rasuradora  eléctrica",
      quantity: "3",
      price: "100",
      tax: vat,
      allowancesAndCharges: [{ charge: false, amount: "30", reason: "Lealtad" }]
    }),
    freeLine({ name: "Libro", quantity: "1", price: "200", tax: { category: "Z" } })
  ]
  const { id } = await omni.invoices.issueInvoice(
    request({ buyer, of: free(lines), terms: { days: 30 }, withheld: [{ code: "ISR", percent: "1.25" }] })
  )
  const { xml, text, ...figures } = await recordOf(id)
  assert.equal(
    text,
    "||4.0|INV-2026-000001|2026-07-15T04:00:00|99|30001000000500003416|Payable by 2026-08-14.|500.00|30.00|MXN|507.32|I|01|PPD|42501" +
      "|EKU9003173C9|ESCUELA KEMPER URGATE|601|URE180429TM6|UNIVERSIDAD ROBOTICA ESPAÑOLA|86991|601|G03" +
      "|53131608|S-1|3|H87|Rasuradora eléctrica|100.000000|300.00|30.00|02|270.00|002|Tasa|0.160000|43.20|270.00|001|Tasa|0.012500|3.38" +
      "|53131608|1|H87|Libro|200.000000|200.00|02|200.00|002|Tasa|0.000000|0.00|200.00|001|Tasa|0.012500|2.50" +
      "|001|5.88|5.88|270.00|002|Tasa|0.160000|43.20|200.00|002|Tasa|0.000000|0.00|43.20||"
  )
  assert.deepEqual(figures, { total: "507.32", issuer: "EKU9003173C9", receiver: "URE180429TM6" })
  const seal = /Sello="([^"]*)"/.exec(xml)![1]!
  assert.isTrue(createVerify("RSA-SHA256").update(text, "utf8").verify(publicKey, seal, "base64"))
  assert.include(xml, '<cfdi:Traslado Base="270.00" Impuesto="002" TipoFactor="Tasa" TasaOCuota="0.160000" Importe="43.20"/>')
  await omni.drain()
  assert.equal((handed[0]!.record as { readonly xml: string }).xml, xml)
  await omni.close()
})

it("relates a credit note to the stamp of its invoice, and refuses it until there is one", async () => {
  const { omni, free, recordOf } = await setUp({ payment: () => ({ form: "03", method: "PUE" }) })
  const { id } = await omni.invoices.issueInvoice(request({ buyer, of: free([freeLine({ quantity: "1", price: "1000", tax: vat })]) }))
  const early = await omni.invoices.safe.issueCreditNote({ invoice: id })
  assert.deepEqual(!early.ok && early.error._tag === "SchemeRefused" && early.error.field, "CfdiRelacionado/UUID")
  await omni.drain()
  const note = await omni.invoices.issueCreditNote({ invoice: id, amount: { amount: 11_600, currency: "MXN" }, reason: "Bonificación" })
  const { text } = await recordOf(note.id)
  assert.include(text, "|116.00|E|01|PUE|42501|01|0F1E2D3C-4B5A-4978-8695-A4B3C2D1E0FF|EKU9003173C9|")
  assert.include(text, "|Bonificación|100.000000|100.00|02|100.00|002|Tasa|0.160000|16.00|")
  await omni.close()
})

it("refuses what it has no form for, or nobody told", async () => {
  const { omni, free } = await setUp()
  const fieldOf = async (more: object) => {
    const done = await omni.invoices.safe.issueInvoice(request({ buyer, terms: { days: 30 }, of: free([freeLine({ tax: vat })]), ...more }))
    return done.ok ? undefined : done.error._tag === "SchemeRefused" ? done.error.field : done.error._tag
  }
  assert.equal(await fieldOf({ buyer: { ...buyer, taxNumber: "X" } }), "Receptor/Rfc")
  assert.equal(
    await fieldOf({ of: free([freeLine({ quantity: "-1", tax: vat }), freeLine({ tax: vat, price: "100" })]) }),
    "Concepto/Cantidad"
  )
  assert.equal(await fieldOf({ of: { ...free([freeLine({ tax: vat })]), currency: "USD" } }), "TipoCambio")
  assert.equal(await fieldOf({ terms: { days: 0 }, paymentMeans: [{ code: "1" }] }), "FormaPago")
  assert.equal(await fieldOf({ of: free([freeLine({ tax: { category: "L", percent: "7" } })]) }), "Traslado/TipoFactor")
  assert.equal(await fieldOf({ withheld: [{ code: "IRPF", percent: "15" }] }), "Retencion/Impuesto")
  const { omni: bare, free: of } = await setUp({ product: () => undefined })
  const none = await bare.invoices.safe.issueInvoice(request({ buyer, terms: { days: 30 }, of: of([freeLine({ tax: vat })]) }))
  assert.equal(!none.ok && none.error._tag === "SchemeRefused" && none.error.field, "Concepto/ClaveProdServ")
  await omni.close()
  await bare.close()
})

const money = (text: string | undefined): number => Math.round(Number(text ?? "0") * 100)

it("adds up, whatever is sold: lines to totals, allowances spread over lines, and the total to the invoice's", async () => {
  const tax = fc.constantFrom(
    vat,
    { category: "Z" } as const,
    { category: "E", exemptionReason: "Libros" } as const,
    { category: "S", percent: "8" } as const
  )
  const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2))
  const line = fc.record({
    name: fc.constant("Cosa"),
    quantity: fc.integer({ min: 1, max: 9 }).map(String),
    price: cents(1000, 90_000),
    allowancesAndCharges: fc.array(fc.record({ charge: fc.boolean(), amount: cents(0, 200), reason: fc.constant("x") }), { maxLength: 2 }),
    tax
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(fc.record({ charge: fc.boolean(), amount: cents(1, 300) }), { maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      async (lines, parts, taxIncluded, withheld) => {
        const { omni, recordOf } = await setUp()
        const allowancesAndCharges = parts.map((part) => ({ ...part, reason: "x", tax: lines[0]!.tax }))
        const issued = await omni.invoices.issueInvoice(
          request({
            buyer,
            terms: { days: 30 },
            of: { currency: "MXN", taxIncluded, lines, allowancesAndCharges },
            ...(withheld ? { withheld: [{ code: "ISR", percent: "1.25" }] } : {})
          })
        )
        const { xml } = await recordOf(issued.id)
        const attribute = (text: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1]
        const sum = (texts: ReadonlyArray<string>, name: string): number =>
          texts.reduce((total, text) => total + money(attribute(text, name)), 0)
        const head = /<cfdi:Comprobante[^>]*>/.exec(xml)![0]
        const concepts = [...xml.matchAll(/<cfdi:Concepto [^>]*>/g)].map(([text]) => text)
        const [inLines, whole] = xml.split("</cfdi:Conceptos>") as [string, string]
        const of = (text: string, name: string) => [...text.matchAll(new RegExp(`<cfdi:${name} [^>]*>`, "g"))].map(([one]) => one)
        assert.equal(money(attribute(head, "SubTotal")), sum(concepts, "Importe"))
        assert.equal(money(attribute(head, "Descuento")), sum(concepts, "Descuento"))
        assert.equal(sum(of(whole, "Traslado"), "Importe"), sum(of(inLines, "Traslado"), "Importe"))
        assert.equal(sum(of(whole, "Retencion"), "Importe"), sum(of(inLines, "Retencion"), "Importe"))
        assert.equal(money(attribute(head, "Total")), issued.payable.amount)
        for (const [i, concept] of concepts.entries())
          assert.isAtMost(money(attribute(concept, "Descuento")), money(attribute(concept, "Importe")), String(i))
        await omni.close()
      }
    ),
    { numRuns: 100 }
  )
}, 60_000)

it("leaves no place for what is not there, and makes one space of several", () => {
  const least: Comprobante = {
    Fecha: "2026-07-15T12:00:00",
    NoCertificado: "30001000000500003416",
    SubTotal: "1.00",
    Moneda: "MXN",
    Total: "1.00",
    TipoDeComprobante: "I",
    Exportacion: "01",
    LugarExpedicion: "42501",
    global: { Periodicidad: "01", Meses: "07", Año: "2026" },
    issuer: { Rfc: "A", Nombre: " B \n C ", RegimenFiscal: "601" },
    receiver: {
      Rfc: "XAXX010101000",
      Nombre: "PUBLICO EN GENERAL",
      DomicilioFiscalReceptor: "42501",
      RegimenFiscalReceptor: "616",
      UsoCFDI: "S01"
    },
    lines: [],
    taxes: { retenciones: [], traslados: [] }
  }
  assert.equal(
    originalString(least),
    "||4.0|2026-07-15T12:00:00|30001000000500003416|1.00|MXN|1.00|I|01|42501|01|07|2026|A|B C|601|XAXX010101000|PUBLICO EN GENERAL|42501|616|S01||"
  )
  const xml = comprobanteXml(least, { Sello: "s", Certificado: "c" })
  assert.include(xml, '<cfdi:InformacionGlobal Periodicidad="01" Meses="07" Año="2026"/>')
  assert.notInclude(xml, "cfdi:Impuestos")
  assert.equal(
    cfdiQr({ uuid, issuer: "EKU9003173C9", receiver: "URE180429TM6", total: "116.00", seal: "abc+defghij/KL==" }),
    `https://verificacfdi.facturaelectronica.sat.gob.mx/default.aspx?id=${uuid}&re=EKU9003173C9&rr=URE180429TM6&tt=116.00&fe=hij%2FKL%3D%3D`
  )
})
