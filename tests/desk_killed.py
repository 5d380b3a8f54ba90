"""A process that saves judgements in a desk as fast as it can and tells each event that was acknowledged."""

import sys

from tests.desk_values import AUTHOR, judge

from semantix.review.desk import Desk


def main(place: str, items: int) -> None:
    with Desk.open(place) as desk:
        turn = 0
        while True:
            turn += 1
            number = turn % items + 1
            saved = desk.act(AUTHOR, number, judge(f"A{turn % 7}0"), 2**62)
            sys.stdout.write(f"{saved.event} {number}\n")
            sys.stdout.flush()
            if turn % 5 == 0:
                desk.undo(AUTHOR)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
