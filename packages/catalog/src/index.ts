export { catalog } from "./catalog.ts"
export type { CatalogOptions } from "./settings.ts"

export { attributeIssues, type Issue, missingAttributes } from "./attributes/check.ts"
export { defineProductType } from "./attributes/define.ts"
export {
  AttributeDefinition,
  Attributes,
  AttributeType,
  AttributeValue,
  Choice,
  ProductType,
  ProductTypeDefined
} from "./attributes/model.ts"
export { compareMeasure, convertMeasure, Dimension, dimensionOf, Measure, UnitNotConvertible, unitsOf } from "./attributes/units.ts"
export { Category, CategoryChanged, CategoryMoved, CategoryRemoved } from "./categories/model.ts"
export { categoryPathsOf } from "./categories/tree.ts"
export { moveCategory, orderCategories, putCategory, removeCategory } from "./categories/operations.ts"
export { digitalLink, parseDigitalLink } from "./codes/digital-link.ts"
export { elementString, parseElementString } from "./codes/element-string.ts"
export { type CodeMeasure, type Gs1Data, InvalidGs1 } from "./codes/gs1.ts"
export { checkDigit, gtin14, upcE } from "./codes/gtin.ts"
export { inStoreCode, type InStoreLabel, InStoreScheme, parseInStoreCode } from "./codes/in-store.ts"
export { canonicalCode, readCode, type ReadCode } from "./codes/read.ts"
export { type Candidate, isSellable, type Market, type Missing, type MissingCode, missingIn } from "./content/completeness.ts"
export { type Content, contentOf, mediaOf, type ShownAttribute, type ShownMedia } from "./content/content.ts"
export { fallbackChain, type Found, localisedBy } from "./content/localise.ts"
export { ChannelContent, Media, type Requirement, type SalesChannel, Visibility } from "./content/model.ts"
export { slugOf } from "./content/slugs.ts"
export { type HiddenReason, type Shown, visibilityOn } from "./content/visibility.ts"
export {
  CategoryCycle,
  CategoryNotEmpty,
  CategoryNotFound,
  ChannelNotFound,
  CodeTaken,
  CombinationTaken,
  PriceListFixed,
  PriceListNotFound,
  ProductNotFound,
  ProductTypeNotFound,
  SlugTaken,
  StillOffered,
  TooManyCategories,
  TooManyPriceLists,
  TooManyVariants,
  VariantNotFound,
  VersionConflict
} from "./errors.ts"
export { importPrices, importProducts, type PriceLoader, type ProductLoader } from "./import/import.ts"
export { ProductRow, type RefusedRow } from "./import/load.ts"
export {
  type Audience,
  type CandidateList,
  foreseeOffers,
  type PriceCandidate,
  pricesOf,
  type PriceSelectors
} from "./prices/candidates.ts"
export { choosePrice, type ChoosePrice, type ChoiceFacts } from "./prices/choose.ts"
export { copyPrices, type CopyOptions, type PriceCopier } from "./prices/copy.ts"
export { type LowestPriceOptions, lowestPricesOf, priceHistoriesOf, withPriorPrices } from "./prices/history.ts"
export { putPriceList } from "./prices/lists.ts"
export { ListPrice, ListVersion, PriceChange, PriceList, PriceListChanged, PriceListKind, PricesChanged, Tier } from "./prices/model.ts"
export { lowestPrice, type LowestPrice, type PriorPriceRule, type Reduction } from "./prices/prior.ts"
export { adjusted, adjustPrices, PriceEnding, PriceInput, setPrices } from "./prices/set.ts"
export { type ListHistory, type PriceHistory, type PriceStep, priceTimeline, type PublicPlace } from "./prices/timeline.ts"
export { BasePrice, Option, Product, ProductChanged, ProductDeleted, Variant, VariantChanged, VariantDeleted } from "./products/model.ts"
export {
  foreseeProducts,
  isOffered,
  isOfferedOn,
  type Offer,
  offersOf,
  productsOf,
  type ProductWithVariants,
  type Reader,
  taxCategoryOf,
  variantsByCode,
  variantsOf
} from "./products/offer.ts"
export { type OptionChoice, optionChoices } from "./products/options.ts"
export { putProduct, putVariant } from "./products/put.ts"
export { archiveProduct, archiveVariant, deleteProduct, deleteVariant } from "./products/retire.ts"
export { category, type CategoryInTree, type CategoryNode } from "./queries/categories.ts"
export type { IncompleteProduct, Scanned, ShownContent, SlugFound } from "./queries/channel.ts"
export { listPrices, priceList, priceLists, variantPrices } from "./queries/prices.ts"
export { bySku, choices, deleted, product, productType, productTypes, variant } from "./queries/products.ts"
export type { Related } from "./queries/related.ts"
export type { BetterOffer } from "./queries/up-sell.ts"
export { Relation, RelationKind, RelationsChanged, RelationTarget } from "./relations/model.ts"
export { type Lead, relationsOf } from "./relations/read.ts"
export { relate } from "./relations/relate.ts"
export { type Benefit, type Comparable, upSell, type UpSell, type UpSellRule } from "./relations/up-sell.ts"
export { versionOf } from "./versions.ts"
