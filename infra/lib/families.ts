// Workflow families: each has a queue, a router and an alarm of its own, so that a burst of one holds up no other.

/** As the functions name them. */
export const FAMILIES = ["rfi", "submittal", "daily_log"] as const;
/** One of them. */
export type Family = (typeof FAMILIES)[number];

/** `DailyLog` for `daily_log`: what ids of resources begin with. */
export function title(name: string): string {
  return name
    .split(/[_-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
