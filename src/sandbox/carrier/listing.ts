import type { RestAnswer } from './restServer.ts';

const largestPage = 1_000;

/**
 * One page of a list as Twilio prints it, with relative addresses.
 * @param address `/2010-04-01/Accounts/…/Calls.json`
 * @param key the name of the list in the answer
 */
export function printPage<Item>(
  address: string,
  key: string,
  query: URLSearchParams,
  items: readonly Item[],
  print: (item: Item) => object,
): RestAnswer {
  const pageSize = Math.max(1, Math.min(largestPage, Number(query.get('PageSize') ?? 50) || 50));
  const page = Math.max(0, Number(query.get('Page') ?? 0) || 0);
  const shown = items.slice(page * pageSize, (page + 1) * pageSize).map(print);
  const pageAddress = (number: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set('Page', String(number));
    parameters.set('PageSize', String(pageSize));
    return `${address}?${parameters.toString()}`;
  };
  return {
    status: 200,
    body: {
      [key]: shown,
      page,
      page_size: pageSize,
      uri: pageAddress(page),
      first_page_uri: pageAddress(0),
      next_page_uri: (page + 1) * pageSize < items.length ? pageAddress(page + 1) : null,
      previous_page_uri: page > 0 ? pageAddress(page - 1) : null,
      start: page * pageSize,
      end: page * pageSize + shown.length - 1,
    },
  };
}
