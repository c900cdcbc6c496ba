"""Passwords: the rules, argon2id in a small pool of its own, and one-time activation codes."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wangge.kernel.crypto import hashed
from wangge.kernel.errors import Invalid, TooMany

# The first of the settings that OWASP's password storage cheat sheet recommends: 19 MiB, 2 rounds.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What an account without a password is compared with, so that the answer takes as long.
NOBODYS = HASHER.hash(secrets.token_urlsafe())
LEAST, MOST = 10, 128
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
GROUPS, GROUP = 3, 4  # 12 letters of 31: 59 bits
Result = TypeVar("Result")

# Long enough to pass the rule of length, and tried first by everybody who guesses.
COMMON_LINES = """
    1234567890 0123456789 12345678910 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc 1qazxsw23edc
    q1w2e3r4t5 qwertyuiop qwerty12345 qwerty123456 qwer1234asdf asdfghjkl1 asdfghjkl123 zxcvbnm123
    abcdefghij abcdefghijk abc1234567 abc123456789 abcd123456 abcd1234567 abc123abc123 a123456789
    a1234567890 aa123456789 aa12345678 q123456789 z123456789 x123456789 123456789a 123456789q
    123456789abc 1234567890a 12345678aa 123123123123 1231231231 1122334455 112233445566 111222333444
    1111111111 0000000000 8888888888 6666666666 9999999999 5201314520 5201314521 52013145200
    woaini1314 woaini520520 woaini521521 woaini1314520 iloveyou520 iloveyou1314 iloveyou123
    password12 password123 password1234 passw0rd123 p@ssw0rd123 p@ssword123 password@123 admin12345
    admin123456 admin@12345 administrator adminadmin root123456 system123456 guanliyuan wangge1234
    wangge12345 wangge123456 wanggeyuan wanggeyuan123 dongying123 dongying123456 shandong123
    beijing2008 china123456 zhongguo123 zhonghua123 test123456 test1234567 welcome123 welcome1234
    changeme123 letmein1234 computer123 sunshine123 football123 1234qwerasdf qazwsxedcrfv
    qazwsx123456
    asdf12345678 147258369a 1472583690 147852369a 159357456852 19491001aa 741852963a 789456123a
"""
COMMON = frozenset(COMMON_LINES.split())


class Pool:
    """A few threads that hash, and a queue of known length before them.

    A flood of wrong passwords takes two threads and some memory, and no other request waits.
    """

    def __init__(self, threads: int = 2, waiting: int = 64) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._most = threads + waiting
        self._inside = 0

    async def run(self, work: Callable[..., Result], *args: object) -> Result:
        if self._inside >= self._most:
            raise TooMany(
                "sign_in_busy",
                "此刻登录的人太多，请几秒后再试",
                "too many people are signing in right now; try again in a few seconds",
                retry_after=3,
            )
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._inside -= 1


POOL = Pool()


def is_right(stored: str | None, password: str) -> bool:
    """Compare; it takes as long for an account that is absent or has no password."""
    try:
        return HASHER.verify(stored or NOBODYS, normal(password)[:MOST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def hash_of(password: str) -> str:
    return HASHER.hash(normal(password))


def normal(password: str) -> str:
    """Return one form for what keyboards and phones compose differently (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, username: str, phone: str = "") -> None:
    """Refuse what is too short, too long, the person's own name or number, or commonly used."""
    plain = normal(password).casefold()
    if not LEAST <= len(normal(password)) <= MOST:
        raise _weak(f"密码须为 {LEAST} 至 {MOST} 个字符", f"use {LEAST} to {MOST} characters")
    if plain in {username.casefold(), username.casefold()[::-1], phone}:
        raise _weak(
            "密码不能与用户名或手机号相同", "the password must not be your username or phone"
        )
    if plain in COMMON or len(set(plain)) < 4:
        raise _weak("此密码过于常见，容易被猜到", "this password is too common and easily guessed")


def _weak(zh: str, en: str) -> Invalid:
    return Invalid("weak_password", zh, en, field="password")


def new_code() -> str:
    """Make an activation code as it is handed over: ABCD-EFGH-JKMN."""
    letters = [secrets.choice(LETTERS) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[i : i + GROUP]) for i in range(0, len(letters), GROUP))


def code_hash(code: str) -> bytes:
    """How a code is stored; read without regard to case, blanks and dashes."""
    return hashed("".join(letter for letter in code.upper() if letter.isalnum()))
