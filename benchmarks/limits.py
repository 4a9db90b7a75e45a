"""What this machine can do at most: the work that a request can't go without, and nothing else."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from config import Settings

SECONDS = 3.0
CLAIMS = {
    "iss": "https://id.example",
    "sub": "br:cpf:52998224725",
    "aud": "https://api.example",
    "client_id": "segunda-via",
    "iat": 1,
    "exp": 2,
    "jti": "z_aaaaaaaaaaaaaaaaaaaaaa.bbbb",
}


def argon2_per_second(settings: Settings) -> float:
    """Verifications a second with all cores, at the deployment's parameters.

    Threads of one process: argon2 leaves the interpreter's lock, as it does in a web worker.
    """
    hasher = PasswordHasher(
        time_cost=settings.argon2_time_cost,
        memory_cost=settings.argon2_memory_kib,
        parallelism=settings.argon2_parallelism,
    )
    stored = hasher.hash("correct horse battery staple")
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        verify = hasher.verify
        rates = pool.map(
            lambda _core: _rate(lambda: verify(stored, "correct horse battery staple")),
            range(cores),
        )
        return sum(rates)


def signatures_per_second(algorithm: str) -> float:
    """JWTs a second with all cores, ES256 or RS256, keys imported once."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        return sum(pool.map(_sign_for_a_while, [algorithm] * cores))


def _sign_for_a_while(algorithm: str) -> float:
    key: ECKey | RSAKey
    key = ECKey.generate_key("P-256") if algorithm == "ES256" else RSAKey.generate_key(2048)
    header = {"alg": algorithm, "typ": "at+jwt", "kid": "a"}
    return _rate(lambda: jwt.encode(header, CLAIMS, key, algorithms=[algorithm]))


def _rate(work: Callable[[], object]) -> float:
    work()
    count, began = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - began) < SECONDS:
        work()
        count += 1
    return count / elapsed
