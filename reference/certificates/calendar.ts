/**
 * The lab's calendar: certificates name civil dates, machines know only milliseconds since the lab began. Calendar seconds count
 * from 2020-01-01T00:00:00Z, and every lab begins at the same fixed date, so that one seed meets the same certificates in
 * the same state for ever.
 */

/** Seconds of the lab's calendar. */
export type CalendarSeconds = number;

/** The date, as certificates are judged, at an instant of lab time in milliseconds. */
export function calendarSecondsAt(instant: number): CalendarSeconds {
  return LAB_BEGINS + Math.floor(instant / 1000);
}

/** As the civil date that a certificate carries. */
export function dateOf(seconds: CalendarSeconds): Date {
  return new Date(CALENDAR_ZERO + 1000 * seconds);
}

export function calendarSecondsOf(date: Date): CalendarSeconds {
  return Math.floor((date.getTime() - CALENDAR_ZERO) / 1000);
}

const CALENDAR_ZERO = Date.UTC(2020, 0, 1);

const LAB_BEGINS = calendarSecondsOf(new Date(Date.UTC(2026, 0, 1)));

/** What a certificate gets that names no dates: from the calendar's first second to the last that UTCTime can tell. */
export const wholeLifeOfTheLab = {
  notBefore: 0,
  notAfter: calendarSecondsOf(new Date(Date.UTC(2049, 11, 31, 23, 59, 59))),
} as const;
