/** Letters without their marks, so that "may tron" finds "Máy trộn". */
export function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');
}

/** The words of what a person typed, without marks. */
export function plainWords(typed: string): string[] {
  return plain(typed)
    .split(/\s+/)
    .filter((one) => one !== '');
}
