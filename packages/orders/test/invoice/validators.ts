import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { Schema } from "node-schematron"
import { type XMLFileInfo, validateXML } from "xmllint-wasm"

import { root } from "../../../../scripts/workspace.ts"

/**
 * Where others' rules lie, which are not part of the repository: `EN16931-UBL-validation.sch` (preprocessed; CEN/TC 434,
 * github.com/ConnectingEurope/eInvoicing-EN16931), and `xsd/common`, `xsd/maindoc` of UBL 2.1 (OASIS).
 */
const folder = process.env["OMNI_EN16931"] ?? join(root, "../shared/data/en16931")

/** Why documents cannot be validated by others here; `undefined` when they can. */
export const missing =
  existsSync(join(folder, "EN16931-UBL-validation.sch")) && existsSync(join(folder, "xsd/maindoc")) ? undefined : folder

const read = (name: string): string => readFileSync(join(folder, name), "utf8")

let schematron: Schema | undefined

/** What the schematron of EN 16931 says against a document, by the id of its assertions. */
export const schematronErrors = (xml: string): ReadonlyArray<string> => {
  schematron ??= Schema.fromString(read("EN16931-UBL-validation.sch"))
  return schematron.validateString(xml).map(({ assertId, message }) => `${assertId ?? "?"} ${message?.trim() ?? ""}`)
}

/** What libxml2 says against a document by the schemas of UBL 2.1. */
export const schemaErrors = async (xml: string, pages = 2048): Promise<ReadonlyArray<string>> => {
  const kind = xml.includes("<CreditNote ") ? "CreditNote" : "Invoice"
  const flat = (text: string): string => text.replaceAll('schemaLocation="../common/', 'schemaLocation="')
  const common: ReadonlyArray<XMLFileInfo> = readdirSync(join(folder, "xsd/common")).map((name) => ({
    fileName: name,
    contents: flat(read(`xsd/common/${name}`))
  }))
  const { errors } = await validateXML({
    xml: { fileName: "document.xml", contents: xml },
    schema: { fileName: `UBL-${kind}-2.1.xsd`, contents: flat(read(`xsd/maindoc/UBL-${kind}-2.1.xsd`)) },
    preload: common,
    initialMemoryPages: pages,
    maxMemoryPages: 32_768
  })
  return errors.map(({ message }) => message)
}

/** Whether it has a rule: it leaves out some that the norm has, BR-CO-25 for one. */
export const isInSchematron = (id: string): boolean => read("EN16931-UBL-validation.sch").includes(`id="${id}"`)
