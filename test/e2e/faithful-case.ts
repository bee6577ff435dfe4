import type { HttpRequest } from '../scenarios/http';

/** A sequence of requests in a namespace of its own, NS in their paths. */
export interface Case {
  readonly name: string;
  /** CustomResourceDefinitions that stand before the first request. */
  readonly definitions?: readonly object[];
  readonly requests: readonly CaseRequest[];
  /** Controllers act on its objects at their own pace: versions and what they write are not compared. */
  readonly isControlled?: boolean;
}

export interface CaseRequest extends HttpRequest {
  /** Sent again until the answer has this status: for what the real server takes note of in its own time. */
  readonly untilStatus?: number;
}
