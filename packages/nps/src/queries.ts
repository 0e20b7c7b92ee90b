import { Id, query } from "@omni/core"
import * as z from "zod"

import { Answers, FollowUps, FollowUpStatus } from "./model.ts"

const Paging = { limit: z.int().min(1).max(200).exactOptional(), after: z.string().exactOptional() }

/** Follow-ups of a status, open unless said; of one location or of all, those due first first. */
export const followUps = query(
  "nps.followUps",
  z.object({ location: Id.exactOptional(), status: FollowUpStatus.exactOptional(), ...Paging }),
  function* (view, { location, status = "open", ...paging }) {
    return location === undefined
      ? view.find(FollowUps, "status", { equals: [status], ...paging })
      : view.find(FollowUps, "location", { equals: [location, status], ...paging })
  }
)

/** The answers to a survey, of one location or of all, the newest first. */
export const answers = query(
  "nps.answers",
  z.object({ survey: Id, location: Id.exactOptional(), ...Paging }),
  function* (view, { location, survey, ...paging }) {
    return location === undefined
      ? view.find(Answers, "survey", { equals: [survey], order: "desc", ...paging })
      : view.find(Answers, "location", { equals: [survey, location], order: "desc", ...paging })
  }
)
