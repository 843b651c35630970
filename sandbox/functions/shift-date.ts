/** Has this thread's `Date` tell a time that is as many milliseconds ahead as the shared number says. */
export function shiftDate(aheadMs: SharedArrayBuffer): void {
  const ahead = new Float64Array(aheadMs);
  const MachineDate = Date;
  const now = () => MachineDate.now() + (ahead[0] ?? 0);
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
