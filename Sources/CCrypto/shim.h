#ifndef NIGHTBELL_CCRYPTO_H
#define NIGHTBELL_CCRYPTO_H

#include <openssl/evp.h>

#endif
