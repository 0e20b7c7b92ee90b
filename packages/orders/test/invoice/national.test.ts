import { createVerify, X509Certificate } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { originalString, type CfdiTax } from "@omni/orders/cfdi"
import { ticketbai } from "@omni/orders/ticketbai"
import { assert, describe, it } from "vitest"
import { validateXML } from "xmllint-wasm"

import { root } from "../../../../scripts/workspace.ts"
import { buyer, setUp as mexican, vat } from "./mexico.ts"
import { company, freeLine, office, person, request } from "./office.ts"
import { tbaiOptions } from "./tbai.ts"

/**
 * Where others' schemas and documents lie, which are not part of the repository: `ticketbai.xsd` with `xmldsig-core-schema.xsd` (the schema of
 * TicketBAI 1.2.2), `cfdv40.xsd` (that of CFDI 4.0), and documents of CFDI 4.0 with their seals, as `*.xml`.
 */
const folder = process.env["OMNI_NATIONAL"] ?? join(root, "../shared/data/national")
const has = (name: string): boolean => existsSync(join(folder, name))
const read = (name: string): string => readFileSync(join(folder, name), "utf8")
const sealed = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : []

if (!has("ticketbai.xsd")) console.warn(`skipped: TicketBAI by its schema, because ${folder} is not there (OMNI_NATIONAL names the folder)`)
if (sealed.length === 0) console.warn(`skipped: seals of CFDI, because ${folder} has no documents (OMNI_NATIONAL names the folder)`)

const tbaiErrors = async (contents: string): Promise<ReadonlyArray<string>> => {
  const { errors } = await validateXML({
    xml: { fileName: "file.xml", contents },
    schema: { fileName: "ticketbai.xsd", contents: read("ticketbai.xsd") },
    preload: [{ fileName: "xmldsig-core-schema.xsd", contents: read("xmldsig-core-schema.xsd") }]
  })
  return errors.map(({ message }) => message)
}

describe.skipIf(!has("ticketbai.xsd"))("files of TicketBAI, by its schema", () => {
  it("are accepted, of every kind", { timeout: 60_000 }, async () => {
    const signature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="a"/><ds:SignatureMethod Algorithm="a"/><ds:Reference><ds:DigestMethod Algorithm="a"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`
    const scheme = ticketbai(
      tbaiOptions({
        sign: (xml) => ({ xml: xml.replace("</T:TicketBai>", `${signature}</T:TicketBai>`), signatureValue: "A".repeat(344) })
      })
    )
    const { omni } = await office({ schemes: [scheme], entity: { scheme: "ticketbai" } })
    const of = (...lines: ReadonlyArray<ReturnType<typeof freeLine>>) => ({
      currency: "EUR" as const,
      taxIncluded: false,
      lines: [...lines]
    })
    const delivery = { date: "2026-07-14", address: company.address }
    const { company: _, ...toPerson } = request()
    const issue = (more: object) => omni.invoices.issueInvoice(request(more))
    const first = await issue({
      of: {
        ...of(freeLine({ quantity: "3", price: "9.995", allowancesAndCharges: [{ charge: false, percent: "10", reason: "Loyalty" }] })),
        allowancesAndCharges: [
          { charge: true, amount: "4.95", reason: "Freight", tax: { category: "S", percent: "21" } },
          { charge: false, amount: "1", reason: "Rebate", tax: { category: "S", percent: "21" } }
        ]
      },
      delivery
    })
    const documents = [
      first,
      await omni.invoices.issueInvoice({ ...toPerson, buyer: person, customer: "ann" }),
      await issue({
        of: of(freeLine({ tax: { category: "S", percent: "21", surcharge: "5.2" } })),
        buyer: { ...company, vatId: "ESB87654321" }
      }),
      await issue({ of: of(freeLine({ tax: { category: "E", exemptionReason: "Teaching" } }), freeLine({ tax: { category: "Z" } })) }),
      await issue({ of: of(freeLine({ tax: { category: "AE", exemptionReason: "Reverse charge" } })), delivery }),
      await issue({ of: of(freeLine({ tax: { category: "K", exemptionReason: "IC" } })), delivery }),
      await issue({
        of: of(freeLine({ tax: { category: "G", exemptionReason: "Export" } })),
        buyer: { ...company, vatId: "CHE123456789", address: { ...company.address, country: "CH" } }
      }),
      await issue({ withheld: [{ code: "IRPF", percent: "15" }] }),
      await omni.invoices.issueCreditNote({ invoice: first.id, lines: [{ line: "1", quantity: "1" }], parts: ["1"] }),
      await omni.invoices.issueCreditNote({ invoice: first.id })
    ]
    for (const { id, number } of documents) {
      const { xml } = (await omni.invoices.registration({ document: id })).record as { readonly xml: string }
      assert.deepEqual([number, await tbaiErrors(xml)], [number, []])
      assert.isNotEmpty(await tbaiErrors(xml.replace("<IDVersionTBAI>1.2</IDVersionTBAI>", "")), "their silence means something")
    }
    await omni.close()
  })
})

type Attributes = Readonly<Record<string, string>>

const attributesOf = (tag: string): Attributes =>
  Object.fromEntries([...tag.matchAll(/([\wñÑ]+)="([^"]*)"/g)].map(([, name, value]) => [name!, unescaped(value!)]))

const unescaped = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")

const tagsOf = (xml: string, name: string): ReadonlyArray<Attributes> =>
  [...xml.matchAll(new RegExp(`<cfdi:${name}(\\s[^>]*?)/?>`, "g"))].map(([, text]) => attributesOf(text!))

/** The schema's catalogues, which are long lists: any text is in them here. */
const catalogues = (schema: string): string => {
  const types = [...new Set([...schema.matchAll(/catCFDI:(\w+)/g)].map(([, name]) => name!))]
  const list = types.map((name) => `<xs:simpleType name="${name}"><xs:restriction base="xs:string"/></xs:simpleType>`).join("")
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.sat.gob.mx/sitio_internet/cfd/catalogos">${list}</xs:schema>`
}

/** Its types of dates, numbers and names of tax payers. */
const TYPES = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.sat.gob.mx/sitio_internet/cfd/tipoDatos/tdCFDI">
  <xs:simpleType name="t_FechaH"><xs:restriction base="xs:dateTime"><xs:pattern value="\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="t_Importe"><xs:restriction base="xs:decimal"><xs:fractionDigits value="6"/><xs:minInclusive value="0"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="t_RFC"><xs:restriction base="xs:string"><xs:minLength value="12"/><xs:maxLength value="13"/></xs:restriction></xs:simpleType>
</xs:schema>`

const cfdiErrors = async (contents: string): Promise<ReadonlyArray<string>> => {
  const schema = read("cfdv40.xsd").replaceAll(/schemaLocation="[^"]*\/(\w+\.xsd)"/g, 'schemaLocation="$1"')
  const { errors } = await validateXML({
    xml: { fileName: "file.xml", contents },
    schema: { fileName: "cfdv40.xsd", contents: schema },
    preload: [
      { fileName: "catCFDI.xsd", contents: catalogues(schema) },
      { fileName: "tdCFDI.xsd", contents: TYPES }
    ]
  })
  return errors.map(({ message }) => message)
}

describe.skipIf(!has("cfdv40.xsd"))("documents of CFDI, by its schema without its catalogues", () => {
  it("are accepted, of every kind", { timeout: 60_000 }, async () => {
    const { omni, free, recordOf } = await mexican({ payment: () => ({ form: "03", method: "PUE" }) })
    const lines = [
      freeLine({
        sku: "S-1",
        quantity: "3",
        price: "99.99",
        tax: vat,
        allowancesAndCharges: [{ charge: false, amount: "30", reason: "x" }]
      }),
      freeLine({ name: "Libro", quantity: "1.5", price: "200", tax: { category: "Z" } }),
      freeLine({ name: "Clase", tax: { category: "E", exemptionReason: "x" } })
    ]
    const parts = [
      { charge: true, amount: "50", reason: "Envío", tax: vat },
      { charge: false, amount: "7", reason: "Cupón", tax: vat }
    ]
    const issue = (more: object) => omni.invoices.issueInvoice(request({ buyer, ...more }))
    const first = await issue({ of: free(lines, { allowancesAndCharges: parts }), withheld: [{ code: "ISR", percent: "1.25" }] })
    const gross = await issue({ of: { ...free(lines), taxIncluded: true } })
    const outside = await issue({
      buyer: { ...buyer },
      of: free([freeLine({ tax: vat }), freeLine({ tax: { category: "G", exemptionReason: "x" } })])
    })
    await omni.drain()
    const note = await omni.invoices.issueCreditNote({
      invoice: first.id,
      amount: { amount: 1000, currency: "MXN" },
      reason: "Bonificación"
    })
    const rest = await omni.invoices.issueCreditNote({ invoice: first.id })
    for (const { id, number } of [first, gross, outside, note, rest]) {
      const { xml } = await recordOf(id)
      assert.deepEqual([number, await cfdiErrors(xml)], [number, []])
      assert.isNotEmpty(await cfdiErrors(xml.replace(/ RegimenFiscal="601"/, "")), "their silence means something")
    }
    await omni.close()
  })
})

describe.skipIf(sealed.length === 0)("documents of CFDI that others have sealed", () => {
  it.each(sealed)("%s has the seal of the text that we make of it", (name) => {
    const xml = read(name)
    const [head] = tagsOf(xml, "Comprobante")
    const body = xml.slice(xml.indexOf("</cfdi:Conceptos>"))
    const taxes = (part: string, tag: string) =>
      tagsOf(part, tag) as ReadonlyArray<Attributes & { readonly Impuesto: string }> as ReadonlyArray<CfdiTax>
    const lines = [...xml.matchAll(/<cfdi:Concepto(\s[^>]*?)(?:\/>|>(.*?)<\/cfdi:Concepto>)/gs)].map(([, tag, inner = ""]) => ({
      ...attributesOf(tag!),
      traslados: taxes(inner, "Traslado"),
      retenciones: taxes(inner, "Retencion")
    }))
    const text = originalString({
      ...(head as never as Parameters<typeof originalString>[0]),
      issuer: tagsOf(xml, "Emisor")[0] as never,
      receiver: tagsOf(xml, "Receptor")[0] as never,
      lines: lines as never,
      taxes: { ...tagsOf(body, "Impuestos")[0], traslados: taxes(body, "Traslado"), retenciones: taxes(body, "Retencion") }
    })
    const certificate = new X509Certificate(Buffer.from(head!["Certificado"]!, "base64"))
    assert.isTrue(createVerify("RSA-SHA256").update(text, "utf8").verify(certificate.publicKey, head!["Sello"]!, "base64"), text)
  })
})
