export type Row = Record<string, string | number>;

const NAMES = ['Mira Aldous', 'Jon Bereza', 'Lea Castell'];

/** A day of November 2026, as the rows write it. */
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}`;

/** What is in the demo bank's tables, for these customers: all of it made up. */
export const bankRows = (subjects: readonly string[]): Readonly<Record<string, readonly Row[]>> => ({
  bank_customer_profiles: subjects.map((user_id, n) => ({
    user_id,
    name: NAMES[n] ?? 'A customer',
    email: `${user_id}@customers.example`,
  })),
  bank_balances: subjects.map((user_id, n) => ({ user_id, currency: 'EUR', balance: 1250.4 + n * 317.15 })),
  bank_transactions: subjects.flatMap((user_id, n) =>
    [1, 2, 3].map((t) => ({
      user_id,
      transaction_id: `t-${n + 1}00${t}`,
      at: day(t * 5),
      amount: t % 2 === 0 ? 1200 : -19.9 * (n + t),
      text: t % 2 === 0 ? 'Salary' : 'Card payment',
    })),
  ),
  support_requests: subjects.map((user_id, n) => ({
    user_id,
    ticket_id: String(881 + n),
    status: 'open',
    subject: n === 0 ? 'I was charged twice' : 'My card does not arrive',
  })),
  bank_operational_metrics: ['calls_waiting', 'payments_failed'].flatMap((metric, m) =>
    [18, 19, 20].map((d) => ({ metric, day: day(d), value: 40 * (m + 1) + d })),
  ),
});
