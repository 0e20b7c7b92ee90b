import type { PostalAddress } from "@omni/core"

import type { Invoice, Party, SchemedId } from "../document.ts"
import { aggregate, leaf, type Xml } from "./xml.ts"

/** Something with a scheme where there is one. */
const schemed = (name: string, id: SchemedId | undefined): Xml =>
  leaf(name, id?.id, id?.scheme === undefined ? {} : { schemeID: id.scheme })

/** An address: its first two lines are street and additional street, the others one more line (BG-5, BG-8, BG-15). */
const address = (name: string, { lines, locality, region, postalCode, country }: PostalAddress): Xml =>
  aggregate(name, [
    leaf("StreetName", lines[0]),
    leaf("AdditionalStreetName", lines[1]),
    leaf("CityName", locality),
    leaf("PostalZone", postalCode),
    leaf("CountrySubentity", region),
    aggregate("AddressLine", [leaf("Line", lines.length > 2 ? lines.slice(2).join(", ") : undefined)]),
    aggregate("Country", [leaf("IdentificationCode", country)])
  ])

const taxScheme = (scheme: string): Xml => aggregate("TaxScheme", [leaf("ID", scheme)])

const taxId = (id: string | undefined, scheme: string): Xml =>
  id === undefined ? undefined : aggregate("PartyTaxScheme", [leaf("CompanyID", id), taxScheme(scheme)])

/** Seller or buyer. */
export const party = (role: string, of: Party): Xml =>
  aggregate(role, [
    aggregate("Party", [
      schemed("EndpointID", of.electronicAddress),
      ...(of.ids ?? []).map((id) => aggregate("PartyIdentification", [schemed("ID", id)])),
      aggregate("PartyName", [leaf("Name", of.tradingName)]),
      address("PostalAddress", of.address),
      taxId(of.vatId, "VAT"),
      taxId(of.taxNumber, "TAX"),
      aggregate("PartyLegalEntity", [leaf("RegistrationName", of.name), schemed("CompanyID", of.legalId)]),
      aggregate("Contact", [
        leaf("Name", of.contact?.name),
        leaf("Telephone", of.contact?.phone),
        leaf("ElectronicMail", of.contact?.email)
      ])
    ])
  ])

/** Who is paid instead of the seller, and who represents the seller before the tax office. */
export const others = ({ payee, taxRepresentative: representative }: Invoice): ReadonlyArray<Xml> => [
  payee === undefined
    ? undefined
    : aggregate("PayeeParty", [
        aggregate("PartyIdentification", [schemed("ID", payee.id)]),
        aggregate("PartyName", [leaf("Name", payee.name)])
      ]),
  representative === undefined
    ? undefined
    : aggregate("TaxRepresentativeParty", [
        aggregate("PartyName", [leaf("Name", representative.name)]),
        address("PostalAddress", representative.address),
        taxId(representative.vatId, "VAT")
      ])
]

/** When and where it was delivered. */
export const delivery = ({ delivery: to }: Invoice): Xml =>
  aggregate("Delivery", [
    leaf("ActualDeliveryDate", to?.date),
    aggregate("DeliveryLocation", [to?.address === undefined ? undefined : address("Address", to.address)]),
    aggregate("DeliveryParty", [aggregate("PartyName", [leaf("Name", to?.name)])])
  ])
