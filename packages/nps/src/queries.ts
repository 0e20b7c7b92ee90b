import { Id, paged, query } from "@omni/core"
import * as z from "zod"

import { Answers, FollowUps, FollowUpStatus } from "./model.ts"

/** Follow-ups of a status, open unless said; of one location or of all, those due first first. */
export const followUps = query(
  "nps.followUps",
  z.object({ location: Id.exactOptional(), status: FollowUpStatus.exactOptional(), ...paged }),
  function* (view, { location, status = "open", ...page }) {
    return location === undefined
      ? view.find(FollowUps, "status", { equals: [status], ...page })
      : view.find(FollowUps, "location", { equals: [location, status], ...page })
  }
)

/** The answers to a survey, of one location or of all, the newest first. */
export const answers = query(
  "nps.answers",
  z.object({ survey: Id, location: Id.exactOptional(), ...paged }),
  function* (view, { location, survey, ...page }) {
    return location === undefined
      ? view.find(Answers, "survey", { equals: [survey], order: "desc", ...page })
      : view.find(Answers, "location", { equals: [survey, location], order: "desc", ...page })
  }
)
