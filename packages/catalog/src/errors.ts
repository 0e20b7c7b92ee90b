import * as Data from "effect/Data"

/** A code of the variant names another one already. Take it from that one first, or choose another code. */
export class CodeTaken extends Data.TaggedError("CodeTaken")<{
  readonly message: string
  readonly code: string
  /** Whose code it is. */
  readonly variant: string
}> {}

/** Another variant of the product has the same options. Archive that one first, or choose other options. */
export class CombinationTaken extends Data.TaggedError("CombinationTaken")<{
  readonly message: string
  readonly product: string
  /** Which one has them. */
  readonly variant: string
}> {}

/** The slug is the present one of something else, in that language and on that channel. */
export class SlugTaken extends Data.TaggedError("SlugTaken")<{
  readonly message: string
  readonly slug: string
  readonly locale: string
  /** Whose slug it is. */
  readonly owner: { readonly kind: "product" | "category"; readonly id: string }
}> {}

/** A product has as many variants as it may have. */
export class TooManyVariants extends Data.TaggedError("TooManyVariants")<{
  readonly message: string
  readonly product: string
  readonly limit: number
}> {}

/** It is not as it was when somebody began to edit it. Nothing was written: read it again. */
export class VersionConflict extends Data.TaggedError("VersionConflict")<{
  readonly message: string
  readonly kind: "product" | "variant" | "product-type" | "category" | "price-list"
  readonly id: string
  readonly expected: string
  /** That of what is there; `"none"` where nothing is. */
  readonly version: string
}> {}

/** There is no such product. */
export class ProductNotFound extends Data.TaggedError("ProductNotFound")<{ readonly message: string; readonly product: string }> {}

/** There is no such variant. */
export class VariantNotFound extends Data.TaggedError("VariantNotFound")<{ readonly message: string; readonly variant: string }> {}

/** There is no such product type. */
export class ProductTypeNotFound extends Data.TaggedError("ProductTypeNotFound")<{ readonly message: string; readonly type: string }> {}

/** It is still offered: what is deleted has been archived first. */
export class StillOffered extends Data.TaggedError("StillOffered")<{
  readonly message: string
  readonly kind: "product" | "variant"
  readonly id: string
}> {}

/** The module was given no such channel. */
export class ChannelNotFound extends Data.TaggedError("ChannelNotFound")<{ readonly message: string; readonly channel: string }> {}

/** There is no such category. */
export class CategoryNotFound extends Data.TaggedError("CategoryNotFound")<{ readonly message: string; readonly category: string }> {}

/** A category cannot come to lie within itself. */
export class CategoryCycle extends Data.TaggedError("CategoryCycle")<{
  readonly message: string
  readonly category: string
  readonly parent: string
}> {}

/** The category has categories below it: move or remove them first. */
export class CategoryNotEmpty extends Data.TaggedError("CategoryNotEmpty")<{
  readonly message: string
  readonly category: string
  readonly children: ReadonlyArray<string>
}> {}

/** There are as many categories as there may be. */
export class TooManyCategories extends Data.TaggedError("TooManyCategories")<{ readonly message: string; readonly limit: number }> {}

/** There is no such price list. */
export class PriceListNotFound extends Data.TaggedError("PriceListNotFound")<{ readonly message: string; readonly list: string }> {}

/** What a price list is in cannot be changed once it is made: make another one. */
export class PriceListFixed extends Data.TaggedError("PriceListFixed")<{
  readonly message: string
  readonly list: string
  readonly field: string
}> {}

/** So many price lists are for the same buyers that they cannot all be looked at. */
export class TooManyPriceLists extends Data.TaggedError("TooManyPriceLists")<{
  readonly message: string
  readonly scope: string
  readonly limit: number
}> {}
